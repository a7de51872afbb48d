/**
 * The state of a replay page: what is loaded, where it stands, whether it plays, and what was found.
 *
 * @module
 */
import { batch, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { readReplay, type Replay, type ReplayFailure, reviewSteps } from "../../sim/mod.ts";
import { backendFor } from "./backend.ts";
import { type Film, film } from "./film.ts";
import { scenarioOf } from "./scenario.ts";
import { inSlices } from "./slices.ts";
import { nextViolation, type Survey, surveyOf, type Violation } from "./survey.ts";

/** Steps per second that the page offers. */
export const SPEEDS = [1, 2, 5, 10, 20, 50, 100] as const;

export type Phase =
  | { readonly kind: "loading" }
  | { readonly kind: "checking"; readonly share: number }
  | { readonly kind: "verified"; readonly hash: string }
  | { readonly kind: "differs"; readonly verdict: ReplayFailure }
  | { readonly kind: "failed"; readonly message: string };

export interface Session {
  readonly phase: ReadonlySignal<Phase>;
  readonly replay: ReadonlySignal<Replay | undefined>;
  readonly survey: ReadonlySignal<Survey | undefined>;
  /** Steps taken, 0 to `total`. */
  readonly t: ReadonlySignal<number>;
  readonly playing: ReadonlySignal<boolean>;
  readonly speed: Signal<number>;
  /** Undefined until the replay is loaded. */
  film(): Film | undefined;
  /**
   * Loads, surveys and verifies. Never rejects: what went wrong is the phase.
   *
   * @param url of the replay
   * @param module address of the run's own scenario, where it is not on the shelf
   */
  open(url: string, module: string | undefined, signal: AbortSignal): Promise<void>;
  toggle(): void;
  seek(t: number): void;
  /** Plays on for `seconds`; returns how far between the last two steps the picture stands, 0 to 1. */
  advance(seconds: number): number;
  /** To the nearest broken limit ahead or behind. */
  jump(direction: 1 | -1): void;
  show(violation: Violation): void;
}

export function session(): Session {
  const phase = signal<Phase>({ kind: "loading" });
  const replay = signal<Replay | undefined>(undefined);
  const survey = signal<Survey | undefined>(undefined);
  const t = signal(0);
  const playing = signal(false);
  const speed = signal(10);
  let shown: Film | undefined;
  let part = 1;

  async function open(url: string, module: string | undefined, abort: AbortSignal): Promise<void> {
    try {
      const response = await fetch(url, { signal: abort });
      if (!response.ok) throw new Error(`The server answered ${response.status} for ${url}`);
      const loaded = readReplay(new Uint8Array(await response.arrayBuffer()));
      const scenario = await scenarioOf(loaded.header.scenario, module);
      const backend = backendFor(loaded);
      shown = film(loaded, scenario, backend);
      replay.value = loaded;
      performance.mark("replay shown");
      const { steps } = loaded.header;
      const tell = (done: number) => phase.value = { kind: "checking", share: done / steps };
      const { timeline, verdict } = await inSlices(reviewSteps(loaded, scenario, backend), tell, abort);
      survey.value = surveyOf(loaded, timeline);
      phase.value = verdict.ok ? { kind: "verified", hash: verdict.hash } : { kind: "differs", verdict };
      performance.mark("replay verified");
    } catch (error) {
      if (!abort.aborted) phase.value = { kind: "failed", message: (error as Error).message };
    }
  }

  function seek(target: number): void {
    if (shown === undefined) return;
    shown.seek(Math.round(target));
    part = 1;
    t.value = shown.t;
  }

  function pause(): void {
    playing.value = false;
    part = 1;
  }

  function toggle(): void {
    if (shown === undefined) return;
    if (playing.value) return pause();
    if (shown.t === shown.total) seek(0);
    playing.value = true;
  }

  function advance(seconds: number): number {
    if (shown === undefined || !playing.value) return 1;
    part += seconds * speed.value;
    const until = performance.now() + 10;
    let ended = false;
    while (part >= 1 && !ended && performance.now() < until) {
      ended = !shown.next();
      part -= 1;
    }
    part = Math.min(part, 1);
    if (ended) pause();
    t.value = shown.t;
    return part;
  }

  function show(violation: Violation): void {
    batch(() => {
      pause();
      seek(violation.t + 1);
    });
  }

  return {
    phase,
    replay,
    survey,
    t,
    playing,
    speed,
    film: () => shown,
    open,
    toggle,
    advance,
    show,
    seek: (target) =>
      batch(() => {
        if (playing.value) pause();
        seek(target);
      }),
    jump(direction) {
      const found = survey.value && nextViolation(survey.value, t.value, direction);
      if (found !== undefined) show(found);
    },
  };
}

/**
 * A thread of a parallel world: it makes its slice, says that it is ready, and does what the commands say until told to
 * close.
 *
 * @module
 */
import { UserError } from "../../core/mod.ts";
import { blueprint } from "../engine/blueprint.ts";
import type { PlanOptions } from "../engine/plan.ts";
import type { Autoreset, BackendName } from "../types.ts";
import { Control } from "./control.ts";
import { Slice, wholeMemory } from "./slice.ts";
import { load, type SourceData } from "./source.ts";

/** What a thread is told when it starts. */
export interface Job {
  readonly source: SourceData;
  readonly options: PlanOptions;
  readonly backend: BackendName;
  readonly autoreset: Autoreset;
  readonly envs: number;
  readonly firstEnv: number;
  readonly memory: SharedArrayBuffer;
  readonly control: SharedArrayBuffer;
  /** Its environments: the first, and how many. */
  readonly first: number;
  readonly count: number;
}

/** What it answers: nothing went wrong, or what did. */
export type Answer = { readonly ready: true } | {
  readonly ready: false;
  readonly message: string;
  readonly user: boolean;
};

async function start(
  { source, options, memory, control: shared, first, count, ...more }: Job,
): Promise<void> {
  const scenario = await load(source);
  const plan = blueprint(scenario, options);
  const whole = { ...more, scenario, plan };
  const control = new Control(shared, { ...plan.spec(more.backend, more.envs), E: more.envs });
  const slice = new Slice(whole, wholeMemory(whole, memory), control, first, count);
  self.postMessage({ ready: true } satisfies Answer);
  for (let turn = 0; control.command !== "close";) {
    turn = control.next(turn);
    try {
      slice.perform();
    } catch (error) {
      control.fail(error);
    }
    control.finish();
  }
  self.close();
}

self.onmessage = ({ data }: MessageEvent<Job>) => {
  start(data).catch((error: unknown) => {
    const message = error instanceof Error ? error.message : String(error);
    self.postMessage({ ready: false, message, user: error instanceof UserError } satisfies Answer);
  });
};

/**
 * The AEC API over a world of one environment that is played in turns.
 *
 * @module
 */
import { UserError } from "../../core/mod.ts";
import type { World } from "../types.ts";
import { aecOver, type Driver, type Played } from "./aec_over.ts";
import type { Home, Phase } from "./home.ts";
import { accumulate, clear, finishedFirst, isFinished, type Ledger, openLedger, settle } from "./ledger.ts";
import type { Action } from "./spaces.ts";
import type { AecEnv, Info, PerAgent } from "./types.ts";

export interface Turns extends Played<Float32Array> {
  phase(): Phase;
  /** After the world was put back: in which phase it is. */
  revive(phase: Phase): void;
}

export function inTurns(home: Home): Turns {
  const { world, names, sight } = home;
  const infos: PerAgent<Info> = Object.fromEntries(
    names.map((name, n) => [name, sight.masks === undefined ? {} : { actionMask: sight.masks[n]! }]),
  );
  let phase: Phase = "new";

  function step(ledger: Ledger, action: Action): void {
    const agent = ledger.selection;
    const n = home.indexOf(agent);
    const illegal = typeof action === "number" && sight.masks?.[n]?.[action] === 0;
    world.actions.fill(0);
    put(world, n, action);
    world.step();
    settle(ledger, agent);
    write(world, home, infos, ledger);
    accumulate(ledger);
    if (world.done[0] === 1) {
      phase = "over";
      sight.look("end");
      ledger.selection = leaving(home, ledger, agent, illegal);
    } else {
      sight.look("running");
      ledger.selection = turnOf(world);
      finishedFirst(ledger);
    }
  }

  const driver: Driver<Float32Array> = {
    reset(start) {
      home.begin(phase, start);
      phase = "running";
      sight.look("running");
      return openLedger(names, turnOf(world), home.channels, infos);
    },
    step,
    observe: (agent) => names.includes(agent) ? sight.observations[home.indexOf(agent)] : undefined,
  };
  const base = {
    metadata: home.metadata,
    possibleAgents: names,
    maxNumAgents: names.length,
    channels: home.channels,
    observationSpace: (agent: string) => home.observationSpaces[home.indexOf(agent)]!,
    actionSpace: (agent: string) => home.actionSpaces[home.indexOf(agent)]!,
    stateSpace: home.stateSpace,
    state: () => sight.state(),
    renderMode: home.renderMode,
    render: () => home.render(phase),
    close: () => void (phase = "closed"),
    get unwrapped(): AecEnv {
      return played.env;
    },
  };
  const played: Played<Float32Array> = aecOver(base, driver);
  return {
    ...played,
    phase: () => phase,
    revive(now) {
      phase = now;
      sight.look(now === "over" ? "end" : "running");
    },
  };
}

function turnOf({ spec, turn }: World): string {
  const agent = spec.agents[turn[0]!];
  if (agent !== undefined) return agent;
  throw new UserError(
    `${spec.scenario}: expected turn to be an agent's index from 0 to ${spec.N - 1}, found ${
      turn[0]
    }: the world must ` +
      "say whose turn it is after every step",
  );
}

/**
 * Who leaves first once the episode is over: whoever would be next, that is whose turn the world still shows, or, where
 * it shows another episode, the one after the last to act. An illegal action ends it in no one's turn: then the first.
 *
 * Source   PettingZoo @ 761353e6, tictactoe.py, rlcard_base.py, terminate_illegal.py
 */
function leaving({ world, names }: Home, ledger: Ledger, last: string, illegal: boolean): string {
  const next = world.autoreset === "disabled" ? world.turn[0]! : names.indexOf(last) + 1;
  const first = illegal ? 0 : Math.max(0, next);
  const order = [...names.slice(first), ...names.slice(0, first)];
  return order.find((other) => isFinished(ledger, other)) ?? last;
}

function put({ actions, spec: { A, actionKind } }: World, n: number, action: Action): void {
  if (typeof action === "number") actions[n] = action;
  else {for (let a = 0; a < action.length; a++) {
      actions[n * (actionKind === "discrete" ? 1 : A) + a] = action[a]!;
    }}
}

/** What the world's last step gave those in play. */
function write(world: World, { channels, indexOf }: Home, infos: PerAgent<Info>, into: Ledger): void {
  const { C } = world.spec;
  clear(into);
  for (const agent of into.agents) {
    const n = indexOf(agent);
    into.rewards[agent] = world.reward[n]!;
    channels.forEach((channel, c) => into.costs[agent]![channel] = world.cost[n * C + c]!);
    into.terminations[agent] = world.terminated[n] === 1;
    into.truncations[agent] = world.truncated[n] === 1;
    into.infos[agent] = infos[agent]!;
  }
}

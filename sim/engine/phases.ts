/**
 * What happens in an episode, in order, told once for both machines.
 *
 * reset    the scenario's reset, on zeroed state
 * step     dynamics, cycle + 1, rewards, costs, terminations, end of the episode?, then observe
 * observe  alive, observations, masks, state
 *
 * An agent that ended or pauses has reward 0, unless the reward is the team's, and is charged no cost.
 *
 * @module
 */
import { UserError } from "../../core/mod.ts";
import type { Cost } from "../language/scenario.ts";
import type { Kernel } from "../language/kernel.ts";
import type { Builder } from "./builder.ts";
import type { EntityView } from "./entities.ts";
import { numeric, scalar, truth } from "./expressions.ts";
import type { Value } from "./graph.ts";
import { drawParams } from "../realism/draw.ts";
import { within } from "./neighbours.ts";
import { write } from "./observation.ts";
import type { Sizes } from "./columns.ts";
import { after, looped } from "./sets.ts";
import { actionSize } from "./spaces.ts";

/** More observed numbers than this are written in loops over agents: engines give up on very long functions. */
const WIDE = 512;

/** Begins an episode. */
export function resetPhase(b: Builder): void {
  b.enter("reset");
  drawParams(b);
  b.plan.scenario.reset(b.kernel);
  b.x.settle();
}

/** One step of one environment; it observes unless the episode ended. */
export function stepPhase(b: Builder, sizes: Sizes): void {
  const { machine, plan } = b;
  b.enter("dynamics");
  plan.scenario.dynamics(b.kernel);
  const column = b.column("cycle");
  const cycle = machine.apply("add", machine.load(column, 0), 1);
  machine.store(column, 0, cycle);
  b.enter("judge");
  rewards(b);
  costs(b);
  const ended = terminations(b);
  b.x.settle();
  if (!machine.barrier(cycle, ended)) observePhase(b, sizes);
}

/** Writes what the running state looks like. */
export function observePhase(b: Builder, sizes: Sizes): void {
  const { plan } = b;
  const { scenario, mortal } = plan;
  b.enter("observe");
  if (mortal) { for (const a of b.agents) (a as EntityView).store("alive", 0, acts(b, a)); }
  for (const a of sizes.N * sizes.O > WIDE ? looped(b.agents) : b.agents) {
    const column = b.column("obs");
    const size = write(b, column, a.address(column), scenario.observe(b.kernel, a));
    const expected = sizes.observation[a.of.number];
    if (size !== expected) {
      throw new UserError(`observe gives ${size} numbers, then ${expected}`);
    }
    if (plan.masked) mask(b, a);
  }
  if (!sizes.stateIsObs) state(b, sizes);
  b.x.settle();
}

/** Whether an agent acts in the state that is observed. */
function acts(b: Builder, a: EntityView): Value {
  const { machine } = b;
  const { alive } = b.plan.scenario;
  const here = machine.apply("eq", a.load("gone"), 0);
  const acting = alive === undefined ? here : machine.apply("and", here, truth(alive(b.kernel, a)));
  return machine.apply("num", acting);
}

function mask(b: Builder, a: EntityView): void {
  const legal = b.plan.scenario.mask!(b.kernel, a);
  const size = actionSize(a.of.action!);
  if (legal.length !== size) {
    throw new UserError(
      `mask: expected ${size} truths, one per action, found ${legal.length}`,
    );
  }
  legal.forEach((yes, i) => a.store("mask", i, numeric(yes, b.machine)));
}

/** What a centralised critic sees: the scenario's state, or all observations without their padding. */
function state(b: Builder, sizes: Sizes): void {
  const { machine, plan } = b;
  const column = b.column("state");
  if (plan.scenario.state !== undefined) {
    write(b, column, 0, plan.scenario.state(b.kernel));
    return;
  }
  const obs = b.column("obs");
  let start = 0;
  for (const { of } of b.agents.segments) {
    const size = sizes.observation[of.number]!;
    for (const a of b.set([of])) {
      const from = a.address(obs);
      const to = machine.apply("add", machine.apply("mul", a.at, size), start);
      for (const i of machine.each({ count: size })) {
        machine.store(column, machine.apply("add", to, i), machine.load(obs, machine.apply("add", from, i)));
      }
    }
    start += size * of.declaration.count;
  }
}

/** The value where the agent acts, else 0. */
function whileAlive(b: Builder, a: EntityView, value: Value): Value {
  return b.plan.mortal ? b.machine.apply("select", a.load("alive"), value, 0) : value;
}

function rewards(b: Builder): void {
  const { reward } = b.plan.scenario;
  if (typeof reward === "function") {
    for (const a of b.agents) a.store("reward", 0, whileAlive(b, a, scalar(reward(b.kernel, a))));
    return;
  }
  const shared = scalar(reward.of(b.kernel));
  for (const a of b.agents) a.store("reward", 0, shared);
}

function costs(b: Builder): void {
  b.plan.costs.forEach(([, cost], channel) => {
    const total = COSTS[cost.scope](b, cost as never, channel);
    b.machine.store(b.column("channelCost"), channel, total);
  });
}

type CostRule = {
  readonly [S in Cost<Kernel>["scope"]]: (b: Builder, cost: Of<S>, channel: number) => Value;
};
type Of<S> = Cost<Kernel> & { readonly scope: S };

/** Charges a channel to those it concerns; the value counts each event once. */
const COSTS: CostRule = {
  agent(b, cost, channel) {
    return b.agents.fold(0, (total, a) => {
      const charged = whileAlive(b, a, numeric(cost.of(b.kernel, a), b.machine));
      a.store("cost", channel, charged);
      return b.machine.apply("add", total, charged);
    });
  },

  pair(b, cost, channel) {
    const { machine } = b;
    for (const a of b.agents) a.store("cost", channel, 0);
    return b.agents.fold(0, (total, a) => {
      const before = [a.load("cost", channel), total];
      const later = after(b.agents, a as EntityView);
      const pairs = cost.range === undefined ? later : within(b, a as EntityView, cost.range, later);
      const [own, sum] = pairs.carry(before, (carried, other) => {
        const value = numeric(cost.of(b.kernel, a, other), machine);
        const charged = whileAlive(b, a, whileAlive(b, other, value));
        charge(b, other, channel, charged);
        return carried.map((value) => machine.apply("add", value, charged));
      });
      a.store("cost", channel, own!);
      return sum!;
    });
  },

  group(b, cost, channel) {
    return b.agents.segments.reduce<Value>((total, { of }) => {
      const members = b.set([of]);
      const value = numeric(cost.of(b.kernel, members), b.machine);
      for (const a of members) a.store("cost", channel, whileAlive(b, a, value));
      return b.machine.apply("add", total, value);
    }, 0);
  },

  team(b, cost, channel) {
    const value = numeric(cost.of(b.kernel), b.machine);
    for (const a of b.agents) a.store("cost", channel, whileAlive(b, a, value));
    return value;
  },
};

/** Adds to an agent's cost; in a loop only where there is something to add. */
function charge(b: Builder, a: EntityView, channel: number, value: Value): void {
  const { machine } = b;
  const add = () => a.store("cost", channel, machine.apply("add", a.load("cost", channel), value));
  if (typeof a.at === "number") return add();
  machine.when(machine.apply("not", machine.apply("eq", value, 0)), () => (add(), []), () => []);
}

/** Marks whom this step ended; the value tells whether the episode is over. */
function terminations(b: Builder): Value {
  const { machine, plan } = b;
  const { terminate } = plan;
  if (terminate === undefined) return 0;
  if (terminate.scope === "team") {
    const ended = truth(terminate.of(b.kernel));
    for (const a of b.agents) a.store("terminated", 0, machine.apply("num", ended));
    return ended;
  }
  return b.agents.fold(1, (over, a) => {
    const gone = a.load("gone");
    const ends = machine.apply("and", machine.apply("eq", gone, 0), truth(terminate.of(b.kernel, a)));
    a.store("terminated", 0, machine.apply("num", ends));
    const now = machine.apply("select", ends, 1, gone);
    a.store("gone", 0, now);
    return machine.apply("and", over, machine.apply("eq", now, 1));
  });
}

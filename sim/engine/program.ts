/**
 * From a plan to a program: the traced graphs of its phases, the sizes they show, and their hash.
 *
 * @module
 */
import { hasher, UserError } from "../../core/mod.ts";
import { CannotDraw } from "../realism/given.ts";
import type { BackendName, Group, Space, WorldSpec } from "../types.ts";
import { type Builder, makeBuilder } from "./builder.ts";
import { columnsOf, type Sizes, withFinalMask } from "./columns.ts";
import { EntityView } from "./entities.ts";
import { fingerprint } from "./fingerprint.ts";
import type { Graph, Phase, Purpose } from "./graph.ts";
import type { Column } from "./layout.ts";
import { write } from "./observation.ts";
import { observePhase, resetPhase, stepPhase } from "./phases.ts";
import type { Plan } from "./plan.ts";
import { actionSize } from "./spaces.ts";
import { Tracer } from "./tracer.ts";

/** A scenario, traced. */
export interface Program {
  readonly plan: Plan;
  readonly sizes: Sizes;
  readonly columns: readonly Column[];
  readonly graphs: { readonly reset: Graph; readonly step: Graph; readonly observe: Graph };
  /** Draws per run of each phase. */
  readonly draws: Readonly<Record<Purpose, number>>;
  /** 16 hexadecimal digits. */
  readonly codeHash: string;
  readonly sharedReward: boolean;
}

/** Traces every phase of a planned scenario. */
export function trace(plan: Plan): Program {
  const sizes = measure(plan);
  const columns = columnsOf(plan, sizes);
  const read = new Set<string>();
  const record = (phase: (b: Builder) => void) => traced(plan, columns, phase, read);
  const graphs = {
    reset: record(resetPhase),
    step: record((b) => stepPhase(b, sizes)),
    observe: record((b) => observePhase(b, sizes)),
  };
  for (const name of Object.keys(plan.randomised)) {
    if (!read.has(name)) throw new CannotDraw(plan.scenario, name);
  }
  const draws = {
    reset: graphs.reset.draws.reset,
    dynamics: graphs.step.draws.dynamics,
    observe: graphs.observe.draws.observe,
  };
  return {
    plan,
    sizes,
    columns: plan.masked ? withFinalMask(columns) : columns,
    graphs,
    draws,
    codeHash: hashOf(plan, columns, graphs),
    sharedReward: sharesReward(graphs.step),
  };
}

/** The same program for a backend that computes in floats; its hash is that of the scenario as it is. */
export function forFloats(program: Program): Program {
  const { columns, sizes, graphs } = program;
  const plan = { ...program.plan, floats: true };
  return { ...program, graphs: { ...graphs, step: traced(plan, columns, (b) => stepPhase(b, sizes)) } };
}

/** Where in a scenario a phase is written. */
const PLACES: Readonly<Record<Phase, string>> = {
  reset: "reset",
  dynamics: "dynamics",
  judge: "reward, costs or terminate",
  observe: "observe, mask, alive or state",
};

function traced(
  plan: Plan,
  columns: readonly Column[],
  phase: (b: Builder) => void,
  read?: Set<string>,
): Graph {
  const tracer = new Tracer(columns.find(({ id }) => id === "cycle")!);
  const builder = makeBuilder(plan, columns, tracer);
  try {
    phase(builder);
  } catch (error) {
    if (!(error instanceof UserError) || error instanceof CannotDraw) throw error;
    throw new UserError(`${plan.scenario.id}, in ${PLACES[builder.phase]}: ${error.message}`);
  }
  for (const name of builder.read) read?.add(name);
  return tracer.graph();
}

/** The sizes of observations and state, found by writing them once to columns that do not exist. */
function measure(plan: Plan): Sizes {
  const acting = plan.groups.filter(({ firstAgent }) => firstAgent !== undefined);
  const N = plan.agents.length;
  const A = Math.max(...acting.map(({ action }) => actionSize(action!)));
  const C = plan.channels.length;
  const columns = columnsOf(plan, { N, O: 0, A, C, S: 0, observation: [], stateIsObs: false });
  const column = (id: string) => columns.find((column) => column.id === id)!;
  const observation = plan.groups.map(() => 0);
  let S = 0;
  traced(plan, columns, (b) => {
    b.enter("observe");
    for (const { of } of b.agents.segments) {
      const first = new EntityView(b, of, 0);
      observation[of.number] = write(b, column("obs"), 0, plan.scenario.observe(b.kernel, first));
    }
    if (plan.scenario.state !== undefined) S = write(b, column("state"), 0, plan.scenario.state(b.kernel));
  });
  const O = Math.max(...observation);
  const even = acting.every(({ number }) => observation[number] === O);
  const stateIsObs = plan.scenario.state === undefined && even;
  if (plan.scenario.state === undefined) {
    S = acting.reduce((sum, { number, declaration }) => sum + declaration.count * observation[number]!, 0);
  }
  return { N, O, A, C, S, observation, stateIsObs };
}

function hashOf(plan: Plan, columns: readonly Column[], graphs: Program["graphs"]): string {
  const hash = hasher();
  hash.text(plan.scenario.id);
  hash.text(plan.agents.join(" "));
  for (const { id, format, width } of columns) hash.text(`${id} ${format} ${width}`);
  if (plan.transforms.length > 0) hash.text(JSON.stringify(plan.transforms));
  for (const graph of [graphs.reset, graphs.step, graphs.observe]) fingerprint(graph, hash);
  return hash.hex();
}

/** Whether every agent's reward is one and the same node of the graph, equal in all rounds of a loop over agents. */
function sharesReward(step: Graph): boolean {
  const rewards = new Set<unknown>();
  let varies = false;
  const visit = (block: Graph["root"]) => {
    for (const statement of block.statements) {
      if (statement.kind === "loop") visit(statement.body);
      if (statement.kind !== "store" || statement.column.id !== "reward") continue;
      rewards.add(statement.value);
      varies ||= block.kind === "loop" && variesIn(block, statement.value);
    }
  };
  visit(step.root);
  return rewards.size === 1 && !varies;
}

/** Whether a value can differ between the rounds of a loop. */
function variesIn(body: Graph["root"], value: unknown, seen = new Set<unknown>()): boolean {
  if (typeof value !== "object" || value === null || seen.has(value)) return false;
  seen.add(value);
  const node = value as Graph["nodes"][number];
  return node.pinned === body || node.args.some((arg) => variesIn(body, arg, seen));
}

/** What a program says about its worlds. */
export function specOf(program: Program, backend: BackendName, E: number): WorldSpec {
  const { plan, sizes, codeHash, sharedReward } = program;
  const acting = plan.groups.filter(({ firstAgent }) => firstAgent !== undefined);
  const perAgent = <T>(value: (group: (typeof acting)[number]) => T): T[] => {
    return acting.flatMap((group) => Array.from({ length: group.declaration.count }, () => value(group)));
  };
  const groups = acting.map(({ declaration, firstAgent, action, number }): Group => ({
    name: declaration.name,
    members: Array.from({ length: declaration.count }, (_, i) => firstAgent! + i),
    observation: everything(sizes.observation[number]!),
    action: action!,
  }));
  return Object.freeze({
    scenario: plan.scenario.id,
    params: plan.nominal,
    ...plan.realism && { realism: plan.realism },
    codeHash,
    backend,
    E,
    N: sizes.N,
    O: sizes.O,
    A: sizes.A,
    C: sizes.C,
    S: sizes.S,
    actionKind: plan.actionKind,
    agents: plan.agents,
    observationSizes: perAgent(({ number }) => sizes.observation[number]!),
    actionSizes: perAgent(({ action }) => actionSize(action!)),
    groups,
    channels: plan.channels,
    budgets: plan.budgets,
    sharedReward,
    maxCycles: plan.maxCycles,
  });
}

function everything(size: number): Space {
  return { kind: "box", low: -Infinity, high: Infinity, shape: [size] };
}

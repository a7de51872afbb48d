/**
 * The environments of one thread: a run over some rows of the shared columns, which does what the commands say.
 *
 * @module
 */
import { UsageError } from "../../core/mod.ts";
import type { Blueprint } from "../engine/blueprint.ts";
import { arrange, type Cells, inFloats, type Memory, scratch, view } from "../engine/layout.ts";
import { Run } from "../engine/run.ts";
import { Store } from "../engine/store.ts";
import { worldOf } from "../engine/world.ts";
import type { Scenario } from "../language/scenario.ts";
import { randomPolicy, scriptedPolicy } from "../policies.ts";
import { type Runner, runner } from "../runner.ts";
import type { Autoreset, BackendName, Policy, World, WorldSpec } from "../types.ts";
import type { Control } from "./control.ts";

/** The whole world that slices are parts of. */
export interface Whole {
  readonly scenario: Scenario;
  readonly plan: Blueprint;
  readonly backend: BackendName;
  readonly autoreset: Autoreset;
  readonly envs: number;
  /** Number of its first environment. */
  readonly firstEnv: number;
}

/** What `run` is told. */
export interface Orders {
  /** By group: "random", or the name of one of the scenario's own policies. */
  readonly policies: Readonly<Record<string, string>>;
  readonly seed: number;
}

/** The columns of all environments, on a buffer of the right size, without scratch. */
export function wholeMemory({ plan, backend, envs }: Whole, buffer: ArrayBufferLike): Memory {
  const columns = columnsOn(plan, backend);
  const { size, offsets } = arrange(columns, envs);
  return { buffer, size, cells: view(columns, envs, offsets, buffer) };
}

export function memorySize({ plan, backend, envs }: Whole): number {
  return arrange(columnsOn(plan, backend), envs).size;
}

function columnsOn({ columns }: Blueprint, backend: BackendName) {
  return backend === "wasm32" ? columns.map(inFloats) : columns;
}

export class Slice {
  readonly #run: Run;
  readonly #world: World;
  /** Columns that the backend keeps elsewhere, and their shared rows; none where it runs in the shared memory. */
  readonly #copies: readonly { readonly id: string; readonly own: Cells; readonly shared: Cells }[];

  constructor(
    readonly whole: Whole,
    { buffer, size, cells }: Memory,
    readonly control: Control,
    readonly first: number,
    readonly count: number,
  ) {
    const { plan, backend, autoreset, envs, firstEnv } = whole;
    const columns = columnsOn(plan, backend);
    const rows = Object.fromEntries(
      columns.filter(({ id }) => id in cells).map(({ id, width }) => {
        return [id, cells[id]!.subarray(first * width, (first + count) * width)];
      }),
    );
    const shared = { buffer, size, cells: { ...rows, ...scratch(columns, count) } };
    const { memory, start } = plan.ready(backend, count, autoreset, shared);
    const store = new Store(plan.spec(backend, count), plan.columns, memory);
    const foreign = memory !== shared;
    if (foreign) store.initialise();
    this.#copies = foreign
      ? Object.keys(rows).map((id) => ({ id, own: memory.cells[id]!, shared: rows[id]! }))
      : [];
    this.#run = new Run(plan, start, store, firstEnv + first, autoreset);
    this.#world = worldOf(store, this.#run);
    if (envs < first + count) throw new RangeError(`slice ${first} + ${count} of ${envs}`);
  }

  /** Does its part of the command. */
  perform(): void {
    const { control, first, count } = this;
    const { command, argument } = control;
    const part = <T extends Float64Array | Uint8Array>(array: T) => array.subarray(first, first + count) as T;
    if (command === "step") {
      for (const { id, own, shared } of this.#copies) if (id === "actions") own.set(shared);
    }
    if (command === "restored" || command === "refresh") {
      for (const { own, shared } of this.#copies) own.set(shared);
    }
    switch (command) {
      case "reset":
        this.#run.reset(control.seeded ? [...part(control.seeds)] : control.seeds[0]!, argument);
        break;
      case "restart":
        this.#run.restart(part(control.which));
        break;
      case "step":
        this.#run.advance();
        break;
      case "refresh":
        this.#run.refresh();
        break;
      case "restored":
        this.#run.restored();
        break;
      case "run":
        this.#steps(argument, JSON.parse(control.words) as Orders);
        break;
      case "close":
        return;
    }
    for (const { own, shared } of this.#copies) shared.set(own);
  }

  #steps(count: number, { policies, seed }: Orders): void {
    const world = this.#world;
    const totals = this.#totals();
    const { E } = world.spec;
    const chosen = policiesOf(this.whole.scenario, world.spec, policies);
    const run: Runner = runner(world, chosen, seed, { firstEnv: this.#run.firstEnv });
    for (let t = 0; t < count; t++) {
      run.step();
      for (const name of ["reward", "cost", "channelCost"] as const) {
        const [sum, last] = [totals[name], world[name]];
        for (let i = 0; i < sum.length; i++) sum[i]! += last[i]!;
      }
      for (let env = 0; env < E; env++) totals.episodes[env]! += world.done[env]!;
    }
  }

  /** Its rows of the totals, at zero. */
  #totals() {
    const { totals } = this.control;
    const rows = (name: keyof typeof totals) => {
      const width = totals[name].length / this.whole.envs;
      return totals[name].subarray(this.first * width, (this.first + this.count) * width).fill(0);
    };
    return {
      reward: rows("reward"),
      cost: rows("cost"),
      channelCost: rows("channelCost"),
      episodes: rows("episodes"),
    };
  }
}

/** @throws UsageError naming a group without a policy, or a policy that there is not */
export function policiesOf(
  scenario: Scenario,
  spec: WorldSpec,
  names: Readonly<Record<string, string>>,
): Record<string, Policy> {
  return Object.fromEntries(spec.groups.map((group) => {
    const name = names[group.name] ?? "random";
    const policy = name === "random"
      ? randomPolicy(spec, group)
      : scriptedPolicy(scenario, spec, group, name);
    if (policy !== undefined) return [group.name, policy];
    const known = ["random", ...Object.keys(scenario.policies)].join(", ");
    throw new UsageError(`${spec.scenario} has no policy "${name}". It has: ${known}`);
  }));
}

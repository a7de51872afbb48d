/**
 * Who takes part in a league: runs, what a run froze on its way, and policies that need no training.
 *
 * @module
 */
import { suggest, UsageError, UserError } from "../../core/mod.ts";
import type { Policy, Scenario, WorldSpec } from "../../sim/mod.ts";
import { type Entrant, type Setting, type State, teamPolicy, type TrainState } from "../../agents/mod.ts";
import type { Runtime } from "../../tensor/mod.ts";
import { baseline } from "./baseline.ts";
import { type Plan, planFrom } from "./config.ts";
import { type Learned, learnedFrom, openLearned, openState, under } from "./learned.ts";
import { findRun, type RunFolder } from "../workspace.ts";

/** Entrants, and the scenario as they were trained on it. */
export interface Field {
  readonly setting: Setting;
  readonly entrants: readonly Entrant[];
}

/** Behind a run's name: the policies of its self-play pool in its place. */
const pool = ":pool";

/**
 * The entrants that `words` mean: `random`, a scripted policy of the scenario, a run, or a run's pool.
 *
 * @throws UsageError where runs were trained on different scenarios, or none tells which one to play
 */
export async function entrantsOf(
  words: readonly string[],
  given: Scenario | undefined,
  runs: string,
  runtime: Runtime,
): Promise<Field> {
  words.forEach((word) => checkSuffix(word, runs));
  const known = given ?? await scenarioOf(words, runs);
  if (!known && words.includes("random")) throw new UsageError("name a run, or the --scenario to play");
  const scripted = (word: string) => word === "random" || (known && word in known.policies);
  const found: { word: string; plan?: Plan; learned?: readonly Learned[] }[] = [];
  for (const word of words) {
    if (scripted(word)) found.push({ word });
    else if (word.endsWith(pool)) {
      found.push({ word, ...await openPool(word.slice(0, -pool.length), runs, runtime) });
    } else {
      const { plan, learned } = await openLearned(word, runs, runtime);
      found.push({ word, plan, learned: [learned] });
    }
  }
  const plans = found.flatMap(({ plan }) => plan ? [plan] : []);
  const home = plans[0];
  const other = plans.find((plan) => gameOf(plan) !== gameOf(home!));
  if (other) {
    throw new UsageError(
      `a league plays one scenario: ${home!.config.name} was trained on ${gameOf(home!)}, ` +
        `${other.config.name} on ${gameOf(other)}`,
    );
  }
  if (home && given && given.id !== home.spec.scenario) {
    throw new UsageError(`${home.config.name} was trained on ${home.spec.scenario}, not on ${given.id}`);
  }
  if (!known) throw new UsageError("name a run, or the --scenario to play");
  return {
    setting: home ? { ...home.setting, groups: "role" } : { scenario: known },
    entrants: found.flatMap(({ word, plan, learned }): Entrant[] => {
      if (!plan || !learned) {
        return [{
          name: word,
          policies: (spec: WorldSpec) => baseline(known, spec, word),
        }];
      }
      const many = learned.length > 1 || word.endsWith(pool);
      return learned.map((it, k) => ({
        name: many ? `${word}${k + 1}` : word,
        policies: (spec: WorldSpec) => sides(spec, plan.spec, it.policies(false)),
      }));
    }),
  };
}

/** What a run plays, in words that are equal where two may meet. */
function gameOf({ spec: { scenario, params, actionKind, codeHash } }: Plan): string {
  return `${scenario} ${JSON.stringify(params)} with ${actionKind} actions (code ${codeHash})`;
}

/**
 * The policy of each side. Where those that were `trained` shared a policy as another side than `spec` has, each member
 * plays as it did there: as one agent of several, or several with a policy each.
 */
function sides(
  spec: WorldSpec,
  trained: WorldSpec,
  policies: Readonly<Record<string, Policy>>,
): Record<string, Policy> {
  const playerOf = (n: number): Policy => {
    const home = trained.groups.find(({ members }) => members.includes(n))!;
    return asMember(policies[home.name]!, home.members.indexOf(n));
  };
  return Object.fromEntries(
    spec.groups.map(({ name, members }) => [
      name,
      policies[name] ?? teamPolicy(name, members.map(playerOf)),
    ]),
  );
}

/** `policy`, all of whose rows are its member number `m`. */
function asMember(policy: Policy, m: number): Policy {
  return {
    ...policy,
    act: (input, into) => policy.act({ ...input, member: new Int32Array(input.rows).fill(m) }, into),
  };
}

/** Throws a UsageError where what stands behind a run's name is no ":pool". */
function checkSuffix(word: string, runs: string): void {
  const [name, suffix] = word.split(":");
  if (suffix === undefined || name === undefined || word.endsWith(pool)) return;
  if (!runOf(name, runs)) return;
  const near = suggest(`:${suffix}`, [pool]) === undefined ? "" : ` Did you mean "${name}${pool}"?`;
  throw new UsageError(`there is no entrant "${word}".${near} A run is ${name}, its pool ${name}${pool}`);
}

/** The scenario of the first of `words` that is a run. */
async function scenarioOf(words: readonly string[], runs: string): Promise<Scenario | undefined> {
  for (const word of words) {
    const run = runOf(word.replace(pool, ""), runs);
    if (run) return (await planFrom(run)).setting.scenario;
  }
}

function runOf(name: string, runs: string): RunFolder | undefined {
  try {
    return findRun(name, runs).run;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
  }
}

/** What the run froze into its pool, oldest first. */
async function openPool(argument: string, runs: string, runtime: Runtime) {
  const { run, plan, state } = await openState(argument, runs);
  const count = state.tensors["pool.count"]?.[0] ?? 0;
  const { selfPlay } = plan.config;
  if (!selfPlay) throw new UsageError(`${run.path} has no pool: train a run with --self-play share=0.5`);
  if (count === 0) {
    throw new UsageError(
      `the pool of ${run.path} is empty: self-play freezes a policy every ${selfPlay.every} updates, and the run ` +
        `made ${state.update}. Train a new run for more steps, or with a smaller --self-play every`,
    );
  }
  const held = Math.min(count, selfPlay.pool);
  const learned = Array.from({ length: held }, (_, i) => {
    const k = (count - held + i) % selfPlay.pool;
    return learnedFrom(plan, runtime, frozenState(state, k, selfPlay.pool));
  });
  return { plan, learned };
}

/** A state whose best policy is number `k` of the pool. */
function frozenState(state: TrainState, k: number, size: number): TrainState {
  const tensors: State = {};
  for (const [name, array] of Object.entries(under("pool.", state.tensors))) {
    if (name === "count") continue;
    const width = array.length / size;
    tensors[`best.${name}`] = array.slice(k * width, (k + 1) * width);
  }
  return { ...state, tensors };
}

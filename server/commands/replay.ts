/**
 * `paddock replay`: record episodes of a run's best policy, or of a policy that needs no training.
 *
 * @module
 */
import * as z from "zod";
import { UsageError } from "../../core/mod.ts";
import { command } from "../cli/command.ts";
import { choice, pairs, runsFlag, text, toggle, usage, whole } from "../cli/flags.ts";
import { bytes, count, shortPath } from "../cli/format.ts";
import { say, sayJson } from "../cli/output.ts";
import { parsePairs } from "../cli/values.ts";

const flags = z.strictObject({
  episodes: whole(1, "episodes, one after another").default(10),
  seed: whole(0, "seed of the episodes").default(1),
  deterministic: toggle("take the most likely action instead of drawing one"),
  policy: text("name", "who acts instead of the run's policy: random, or a scripted policy of the scenario")
    .optional(),
  scenario: text("id", "with --policy, instead of a run: an id or a file").optional(),
  actions: choice(["discrete", "continuous"], "with --scenario: kind of actions").optional(),
  param: pairs("with --scenario: params of the scenario"),
  to: text("file", "with --scenario: where the replay goes (default: scenario and policy, .replay)")
    .optional(),
  runs: runsFlag,
  json: toggle("print the result as one JSON object"),
});

type Flags = z.output<typeof flags>;

/** What was recorded, and where it lies. */
interface Kept {
  readonly path: string;
  readonly recording: Awaited<ReturnType<typeof record>>;
}

export const replayCommand = command({
  name: "replay",
  summary: "record episodes of a run's best policy, or of a scripted one, as a replay file",
  operands: { "[run]": "a run's name or folder; the dashboard shows what is recorded of it" },
  flags,
  examples: [
    "paddock replay runs/crossing-mappo-1 --episodes 10 --seed 3",
    "paddock replay runs/crossing-mappo-1 --policy scripted",
    "paddock replay --policy scripted --scenario battle/duel --param N=3 --to duel.replay",
  ],
  async run(flags, [run], given) {
    const alone = ["actions", "param", "to"].find((name) => given.has(name));
    if (run === undefined && flags.policy === undefined) {
      throw new UsageError("replay needs a run, or --policy NAME --scenario ID");
    }
    if (run !== undefined && flags.scenario !== undefined) {
      throw new UsageError("replay takes a run or --scenario, not both");
    }
    if (run !== undefined && alone) {
      throw new UsageError(`a run is recorded as it was configured: leave out --${alone}`);
    }
    const { path, recording } = typeof run === "string"
      ? await recordRun(run, flags)
      : await recordScenario(flags);
    const { header: { steps }, violated, violations } = recording;
    const size = recording.bytes.length;
    const { episodes, json } = flags;
    if (json) sayJson({ path, bytes: size, episodes, steps, violatedEpisodes: violated, violations });
    else {
      say(
        `${shortPath(path)}  ${bytes(size)}, ${count(episodes)} episode${episodes === 1 ? "" : "s"}, ${
          count(steps)
        } steps`,
      );
      say(`${count(violated)} of them broke a limit, with ${count(violations)} violations`);
    }
    return 0;
  },
});

async function record(options: Parameters<typeof import("../run.ts").recordEpisodes>[0]) {
  const { recordEpisodes } = await import("../run.ts");
  return recordEpisodes(options);
}

/** Into the folder of the run, as it was configured. */
async function recordRun(argument: string, flags: Flags): Promise<Kept> {
  const { baseline, keepReplay, openLearned, policyLabel } = await import("../run.ts");
  const { openRuntime } = await import("../run/runtime.ts");
  const { openStore } = await import("../store.ts");
  const { episodes, seed, deterministic, policy } = flags;
  const { workspace, run, plan, learned } = await openLearned(argument, flags.runs, await openRuntime());
  const recording = await record({
    setting: plan.setting,
    policies: (spec) =>
      policy === undefined ? learned.policies(deterministic) : baseline(plan.setting.scenario, spec, policy),
    episodes,
    seed,
    policy: (stochastic) => policy ?? policyLabel(plan, learned, stochastic),
    run: run.name,
  });
  const store = openStore(workspace.database);
  const path = keepReplay(run, store, recording);
  store.close();
  return { path, recording };
}

/** Into a file of its own. */
async function recordScenario(flags: Flags): Promise<Kept> {
  const { episodes, seed, policy, actions, scenario: id } = flags;
  if (id === undefined || policy === undefined) {
    throw new UsageError("replay --policy needs a run or --scenario");
  }
  const { baseline, loadScenario } = await import("../run.ts");
  const { makeWorld } = await import("../../sim/mod.ts");
  const { worldOptions } = await import("../../agents/mod.ts");
  const { writeWhole } = await import("../workspace.ts");
  const { scenario } = await loadScenario(id);
  const setting = { scenario, params: parsePairs("--param", flags.param), ...actions && { actions } };
  const { spec } = usage(() => makeWorld(scenario, worldOptions(setting)));
  baseline(scenario, spec, policy);
  const recording = await record({
    setting: { ...setting, budgets: spec.budgets },
    policies: (spec) => baseline(scenario, spec, policy),
    episodes,
    seed,
    policy: () => policy,
  });
  const path = flags.to ?? `${scenario.id.slice(scenario.id.indexOf("/") + 1)}-${policy}.replay`;
  writeWhole(path, recording.bytes);
  return { path, recording };
}

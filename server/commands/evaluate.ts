/**
 * `paddock evaluate`: what a policy returns and costs on seeds that training never saw.
 *
 * @module
 */
import * as z from "zod";
import { UsageError } from "../../core/mod.ts";
import type { Report } from "../../agents/mod.ts";
import { command } from "../cli/command.ts";
import { choice, flagName, pairs, runsFlag, text, toggle, usage, whole } from "../cli/flags.ts";
import { count, methodOf } from "../cli/format.ts";
import { paint, say, sayJson } from "../cli/output.ts";
import { reportLines } from "../cli/report.ts";
import type { Changes } from "../run/changed.ts";
import { parseLimits, parsePairs, parseRealism } from "../cli/values.ts";

const flags = z.strictObject({
  episodes: whole(1, "episodes").default(200),
  seed: whole(0, "seed of the episodes").default(1),
  deterministic: toggle("take the most likely action instead of drawing one"),
  policy: text("name", "instead of a run: random, or a scripted policy of the scenario").optional(),
  scenario: text("id", "with --policy: its scenario, an id or a file").optional(),
  actions: choice(["discrete", "continuous"], "with --policy: kind of actions").optional(),
  param: pairs("params of the scenario, in place of the run's"),
  realism: pairs("flaws of sensors and actuators, such as sensorNoise=0.05, in place of the run's"),
  limit: pairs("limits to judge by, in place of the run's"),
  runs: runsFlag,
  json: toggle("print the report as one JSON object"),
});

type Flags = z.output<typeof flags>;

export const evaluateCommand = command({
  name: "evaluate",
  summary: "report return, costs and violations of a run's best policy, or of a scripted one",
  operands: { "[run]": "a run's name or folder" },
  flags,
  examples: [
    "paddock evaluate runs/crossing-mappo-lagrangian-1 --episodes 200 --seed 7 --json",
    "paddock evaluate runs/crossing-mappo-lagrangian-1 --realism sensorNoise=0.05",
    "paddock evaluate --policy scripted --scenario safe/crossing",
  ],
  run(flags, [run], given) {
    if (flags.policy === undefined) {
      const own = ["scenario", "actions"].find((name) => given.has(name));
      if (run !== undefined && own) {
        throw new UsageError(`a run is judged on its own scenario and actions: leave out ${flagName(own)}`);
      }
      if (typeof run === "string") return evaluateRun(run, flags);
      throw new UsageError("evaluate needs a run, or --policy NAME --scenario ID");
    }
    if (run !== undefined) throw new UsageError("evaluate takes a run or --policy, not both");
    if (flags.scenario === undefined) throw new UsageError("evaluate --policy needs --scenario");
    return evaluateScripted(flags.policy, flags.scenario, flags);
  },
});

async function evaluateRun(argument: string, flags: Flags): Promise<number> {
  const { keepEvaluation, openLearned } = await import("../run.ts");
  const { evaluate } = await import("../../agents/mod.ts");
  const { changedSetting } = await import("../run/changed.ts");
  const { openRuntime } = await import("../run/runtime.ts");
  const { openStore } = await import("../store.ts");
  const { workspace, run, plan, learned } = await openLearned(argument, flags.runs, await openRuntime());
  const { episodes, seed, deterministic, json } = flags;
  const changes = changesOf(flags);
  const policies = learned.policies(deterministic);
  const { report } = evaluate({
    ...changes ? changedSetting(plan, changes) : plan.setting,
    policies: () => policies,
    episodes,
    seed,
    algorithm: plan.config.algorithm,
  });
  if (json) sayJson(changes ? { ...report, changed: changes } : report);
  else {
    const title = paint("bold", `${report.scenario}  ${methodOf(plan.config)}`);
    say(`${title}  ${learned.which} policy, of step ${count(learned.step)}`);
    const { realism, param, limit } = flags;
    const changed = [...param, ...realism, ...limit.map((it) => `limit ${it}`)].join(", ");
    if (changes) say(`not as it was trained: ${changed} (so not kept among the run's evaluations)`);
    sayReport(report);
  }
  if (changes) return 0;
  const store = openStore(workspace.database);
  keepEvaluation(run, store, report);
  store.close();
  return 0;
}

/** What is changed for the run's policy; undefined where nothing is, and the report is one of the run. */
function changesOf({ param, realism, limit }: Flags): Changes | undefined {
  if (param.length + realism.length + limit.length === 0) return;
  return {
    params: { ...parsePairs("--param", param), ...parseRealism(realism) },
    limits: parseLimits(limit),
  };
}

async function evaluateScripted(policy: string, scenarioName: string, flags: Flags): Promise<number> {
  const { baseline, loadScenario, withLimits } = await import("../run.ts");
  const { makeWorld } = await import("../../sim/mod.ts");
  const { evaluate, worldOptions } = await import("../../agents/mod.ts");
  const { episodes, seed, actions, json } = flags;
  const { scenario } = await loadScenario(scenarioName);
  const params = { ...parsePairs("--param", flags.param), ...parseRealism(flags.realism) };
  const setting = { scenario, params, ...actions && { actions } };
  const { spec } = usage(() => makeWorld(scenario, worldOptions(setting)));
  const { report } = evaluate({
    ...setting,
    budgets: withLimits(spec, parseLimits(flags.limit)),
    policies: (spec) => baseline(scenario, spec, policy),
    episodes,
    seed,
    algorithm: policy,
  });
  if (json) sayJson(report);
  else {
    say(paint("bold", `${report.scenario}  ${policy}`));
    sayReport(report);
  }
  return 0;
}

function sayReport(report: Report): void {
  const { episodes, seed, stochastic } = report;
  say(`${count(episodes)} episodes, seed ${seed}, ${stochastic ? "stochastic" : "deterministic"}`);
  for (const line of reportLines(report)) say(line);
}

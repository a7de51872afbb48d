/**
 * `paddock demo`: the main job in one command. Two teams learn to cross, one of them under budgets; both are judged
 * on unseen seeds, recorded, exported, shown in the browser and served.
 *
 * @module
 */
import { basename } from "node:path";
import * as z from "zod";
import { command } from "../cli/command.ts";
import { portFlag, runsFlag, toggle, whole } from "../cli/flags.ts";
import { duration, resumeLine, shortPath, typed } from "../cli/format.ts";
import { note, paint, say, sayJson } from "../cli/output.ts";
import { exitCodes, listenForStop, untilStopped } from "../cli/signals.ts";
import type { Child } from "../run/child.ts";
import type { ResultEvent } from "../run/events.ts";
import { demoSettings } from "./demo_settings.ts";
import { type DemoRow, inferCall, tryInfer, verdict } from "./demo/outcome.ts";
import { demoProgress } from "./demo/progress.ts";

const flags = z.strictObject({
  seed: whole(0, "seed of everything random").default(1),
  steps: whole(1, "environment steps of each run").default(demoSettings.steps),
  port: portFlag,
  open: z.boolean().default(true).meta({ description: "do not open a browser" }),
  exit: toggle("end after printing, for scripts; the server is started and tried once all the same"),
  runs: runsFlag,
  json: toggle("print the outcome as one JSON object"),
});

/** The two runs. */
const contestants = { unconstrained: false, constrained: true } as const;
type Contestant = keyof typeof contestants;

export const demoCommand = command({
  name: "demo",
  summary: "train a team with and without budgets for about a minute, then show and serve both",
  flags,
  examples: ["paddock demo", "paddock demo --no-open --exit --seed 2"],
  async run({ seed, steps, port, open, exit, runs, json }, _operands, given) {
    const started = performance.now();
    const { openWorkspace } = await import("../workspace.ts");
    const { openBrowser, startDashboard } = await import("../run/hosting.ts");
    const { openRuntime } = await import("../run/runtime.ts");
    const workspace = openWorkspace(runs);
    const wanted = given.has("port") ? port : freeOr(port);
    const dashboard = await startDashboard({ workspace, port: wanted, runtime: await openRuntime() });
    const { url } = dashboard.server;
    const tell = json ? () => {} : say;
    const { scenario, algorithm, constraint } = demoSettings;
    tell(paint("bold", `${scenario}: ${algorithm}, and ${algorithm} + ${constraint}, seed ${seed}`));
    tell(`watch it live: ${url}`);

    const trained = await trainBoth({ seed, steps, runs: workspace.root, json });
    if ("signal" in trained) {
      await dashboard.close();
      return exitCodes[trained.signal];
    }
    const { unconstrained, constrained } = trained;
    const rows = await judge(seed, trained);
    const call = await inferCall(`${url}/v2/models/${constrained.run}/infer`, seed);
    const answer = await tryInfer(call);
    const seconds = (performance.now() - started) / 1000;
    if (json) sayJson({ url, seconds, unconstrained, constrained, rows, curl: call.curl, answer });
    else {
      say();
      for (const line of verdict(rows)) say(line);
      say();
      say(`took ${duration(seconds)}. See the runs, their curves and their replays:`);
      for (const { run, replays = [] } of [unconstrained, constrained]) {
        say(`  ${paint("cyan", `${url}/runs/${run}`)}`);
        for (const replay of replays) {
          say(`  ${paint("cyan", `${url}/runs/${run}/replays/${basename(replay)}`)}`);
        }
      }
      say("Ask the constrained policy what to do:");
      say(`  ${call.curl}`);
      say(`  -> ${answer}`);
    }
    if (!exit) {
      if (open) await openBrowser(url);
      if (!json) {
        say(`Ctrl-C ends the server. To start it again: ${typed(`dashboard --runs ${shortPath(runs)}`)}`);
      }
      await untilStopped();
    }
    await dashboard.close();
    return 0;
  },
});

/** `port`, or 0, which takes any free one: a demo should not fail because something else runs at its usual place. */
function freeOr(port: number): number {
  try {
    Deno.listen({ hostname: "127.0.0.1", port }).close();
    return port;
  } catch {
    return 0;
  }
}

/** Both runs at once, each in a process of its own, or the signal that stopped them. */
async function trainBoth(
  { seed, steps, runs, json }: { seed: number; steps: number; runs: string; json: boolean },
): Promise<Record<Contestant, ResultEvent> | { signal: "SIGINT" | "SIGTERM" }> {
  const { trainChild } = await import("../run/child.ts");
  const names = Object.keys(contestants) as Contestant[];
  const view = demoProgress(names, steps, json);
  const children: Child[] = [];
  const stopAll = () => children.forEach((child) => child.stop());
  const stopping = await listenForStop({
    heard: () => {
      if (!json) view.print("stopping: both runs save first");
      stopAll();
    },
  });
  for (const name of names) {
    const flags = trainArguments(contestants[name], { seed, steps, runs });
    children.push(trainChild(name, flags, (event) => view.tell(name, event)));
  }
  const results = children.map((child) => child.result);
  try {
    const [unconstrained, constrained] = await Promise.all(results) as [ResultEvent, ResultEvent];
    if (!stopping.signal) return { unconstrained, constrained };
  } catch (error) {
    // a child that is asked to stop before it listens ends at once, and had nothing to save yet
    if (!stopping.signal) {
      stopAll();
      throw error;
    }
  } finally {
    await Promise.allSettled(results);
    view.end();
    stopping.end();
  }
  const ends = await Promise.allSettled(results);
  const stopped = ends.flatMap((end) =>
    end.status === "fulfilled" && end.value.status === "stopped" ? end.value : []
  );
  const tell = json ? note : say;
  tell(stopped.length > 0 ? "stopped; everything is saved. To go on:" : "stopped");
  for (const { path } of stopped) tell(`  ${resumeLine(path)}`);
  return { signal: stopping.signal };
}

function trainArguments(constrained: boolean, run: { seed: number; steps: number; runs: string }): string[] {
  const set = demoSettings;
  const pairs = (flag: string, values: Readonly<Record<string, unknown>>) =>
    Object.entries(values).flatMap(([name, value]) => [
      flag,
      `${name}=${typeof value === "string" ? value : JSON.stringify(value)}`,
    ]);
  const numbers = {
    "--steps": run.steps,
    "--seed": run.seed,
    "--envs": set.envs,
    "--checkpoint-every": set.checkpointEvery,
    "--evaluate-every": set.evaluateEvery,
    "--evaluate-episodes": set.evaluateEpisodes,
    "--report-episodes": set.reportEpisodes,
  };
  return [
    ...["--scenario", set.scenario, "--algorithm", set.algorithm, "--runs", run.runs],
    ...Object.entries(numbers).flatMap(([flag, value]) => [flag, String(value)]),
    ...pairs("--param", set.params),
    ...pairs("--set", set.settings),
    ...constrained
      ? ["--constraint", set.constraint, ...pairs("--constraint-set", set.constraintSettings)]
      : [],
  ];
}

/** What the table compares: the two ends of the scale of returns, and the two runs. */
async function judge(seed: number, trained: Record<Contestant, ResultEvent>): Promise<DemoRow[]> {
  const { baseline, loadScenario } = await import("../run.ts");
  const { evaluate } = await import("../../agents/mod.ts");
  const { params, reportEpisodes: episodes, scripted } = demoSettings;
  const { scenario } = await loadScenario(demoSettings.scenario);
  const ends = ["random", scripted].map((name) => {
    const { report } = evaluate({
      scenario,
      params,
      policies: (spec) => baseline(scenario, spec, name),
      episodes,
      seed,
      algorithm: name,
    });
    return { name, report };
  });
  const runs = (Object.keys(contestants) as Contestant[]).map((name) => ({
    name,
    report: trained[name].report!,
  }));
  return [...ends, ...runs];
}

/**
 * `paddock train`: train a team on a scenario, or go on with a run that stopped.
 *
 * @module
 */
import { dirname } from "node:path";
import * as z from "zod";
import { UserError } from "../../core/mod.ts";
import type { Runtime } from "../../tensor/mod.ts";
import { command } from "../cli/command.ts";
import { choice, pairs, real, runsFlag, text, toggle, whole } from "../cli/flags.ts";
import { count, methodOf, number, resumeLine, shortPath, typed } from "../cli/format.ts";
import { paint, say, sayJson } from "../cli/output.ts";
import { type ProgressView, progressView } from "../cli/progress.ts";
import { reportLines } from "../cli/report.ts";
import { exitCodes, listenForStop } from "../cli/signals.ts";
import type { Request } from "../run/config.ts";
import type { ResultEvent, RunEvent, Session } from "../run.ts";
import { checkWorkers } from "../run/size.ts";
import { checkNames } from "./train_names.ts";
import { checkFlags, requestOf, resumesSeeds } from "./train_request.ts";
import { resumeSeeds, trainSeeds } from "./train_seeds.ts";

export const trainFlags = z.strictObject({
  scenario: text("id", "an id (paddock list scenarios tells them), or a file such as ./my_scenario.ts")
    .optional(),
  algorithm: text("name", "paddock list algorithms tells them, with their settings").optional(),
  constraint: text("name", "what keeps the limits: paddock list constraints tells them; none if not given")
    .optional(),
  steps: whole(1, "environment steps in all, rounded up to whole updates of environments x horizon").default(
    1_000_000,
  ),
  seed: whole(0, "seed of everything random").default(1),
  seeds: whole(1, "train with so many seeds, from --seed on, and sum up what they return").default(1),
  workers: whole(
    1,
    "threads that environments and large operations are split over; more than this machine has cores gain " +
      "nothing; the result is the same",
  ).default(1),
  jobs: whole(1, "with --seeds: how many train at once (default: the cores of this machine)").optional(),
  envs: whole(1, "environments side by side").default(64),
  actions: choice(["discrete", "continuous"], "kind of actions, where the scenario offers both").optional(),
  param: pairs(`params of the scenario: N=4, or drawn at each reset: mass='{"uniform":[0.7,1.3]}'`),
  realism: pairs(
    "flaws of sensors and actuators, in order: sensorNoise=0.05 observationDelay=2 actuationDelay=1",
  ),
  set: pairs("settings of the algorithm: epochs=4 hidden=[64,64]"),
  constraintSet: pairs("settings of the constraint: rate=0.1"),
  limit: pairs("limits in place of the scenario's: contact=2, or with a unit contact=rate:0.1"),
  curriculum: text("file", "JSON with stages of params and when to move on: docs/realism.md").optional(),
  selfPlay: pairs("with two sides, play against the past too: share=0.5 every=20 pool=10 untrained=0"),
  name: text("name", "name of the run (default: scenario, algorithm and a number)").optional(),
  runs: runsFlag,
  resume: text(
    "run",
    "go on as it was configured with this run, a name or a folder, or with all seeds of a NAME.seeds.json",
  ).optional(),
  checkpointEvery: whole(1, "updates between two checkpoints").default(10),
  evaluateEvery: whole(0, "updates between two evaluations, of which the best policy is kept; 0: none")
    .default(20),
  evaluateEpisodes: whole(1, "episodes of each of them").default(100),
  reportEpisodes: whole(1, "episodes of the report at the end").default(200),
  minutes: real("minutes", "save and stop after so long; --resume goes on", 0).optional(),
  stopAt: real("return", "end the training once an evaluation returns so much").optional(),
  patience: whole(
    1,
    "end the training after so many evaluations without a better one; no effect where returns sum to zero",
  ).optional(),
  json: toggle("print events as JSON, one a line, the result last"),
});

export type TrainFlags = z.output<typeof trainFlags>;

export const trainCommand = command({
  name: "train",
  summary: "train a team on a scenario, under budgets where a constraint is given",
  flags: trainFlags,
  examples: [
    "paddock train --scenario safe/crossing --algorithm mappo --constraint lagrangian --steps 1e6 --seed 1",
    "paddock train --scenario ./my_scenario.ts --algorithm ippo --param N=3 --set gamma=0.95 --limit contact=1",
    "paddock train --resume crossing-mappo-lagrangian-1",
    "paddock train --scenario safe/crossing --algorithm mappo --seeds 5 --name five",
    "paddock train --resume runs/five.seeds.json",
  ],
  async run(flags, _operands, given) {
    checkFlags(flags, given);
    if (resumesSeeds(flags)) return resumeSeeds(flags, given);
    if (flags.seeds > 1) return trainSeeds(flags, given);
    const request = flags.resume === undefined ? requestOf(flags) : undefined;
    if (request) await checkNames(flags);
    const { openRuntime } = await import("../run/runtime.ts");
    const { trainSession } = await import("../run.ts");
    const runtime = await openRuntime(flags.workers);
    const session = await open(flags, request, runtime);
    const stop = await listenForStop(
      flags.json ? {} : { line: "saving after the running update; once more ends at once" },
    );
    const view = flags.json ? machineView() : humanView();
    try {
      const result = await trainSession(session, {
        runtime,
        tell: view.tell,
        stopping: () => stop.signal !== undefined || view.gone(),
        reportEpisodes: flags.reportEpisodes,
        minutes: flags.minutes,
        workers: flags.workers,
      });
      return result.status === "stopped" && stop.signal ? exitCodes[stop.signal] : 0;
    } catch (error) {
      const { Diverged, Unlearned } = await import("../../agents/mod.ts");
      if (!(error instanceof UserError) || error instanceof Unlearned) throw error;
      if (error instanceof Diverged) {
        const last = session.run.checkpoints().at(-1);
        const kept = last
          ? `The last checkpoint is of step ${count(last.step)}`
          : "There is no earlier checkpoint either";
        throw new UserError(`${error.message}. ${kept}`);
      }
      throw new UserError(
        `${error.message}\nWhat was saved is kept. To go on: ${resumeLine(session.run.path)}`,
      );
    } finally {
      view.end();
      stop.end();
      session.close();
    }
  },
});

/** The run to go on with, or a new one where there is a request. */
async function open(flags: TrainFlags, request: Request | undefined, runtime: Runtime): Promise<Session> {
  const { findRun, openWorkspace } = await import("../workspace.ts");
  const { resumeRun, startRun } = await import("../run.ts");
  if (request) return startRun(openWorkspace(flags.runs), request, runtime, flags.name);
  const { workspace, run } = findRun(flags.resume!, flags.runs);
  const session = await resumeRun(workspace, run, runtime);
  try {
    checkWorkers(flags.workers, session.plan.config.envs);
    return session;
  } catch (error) {
    session.close();
    throw error;
  }
}

/** Where events go. */
interface View {
  tell(event: RunEvent): void;
  /** True where nobody reads them any more, and training on would be for nobody. */
  gone(): boolean;
  end(): void;
}

/** Events as a program reads them. */
function machineView(): View {
  let gone = false;
  return {
    tell: (event) => void (gone = !sayJson(event)),
    gone: () => gone,
    end: () => {},
  };
}

/** Events as a person follows them. */
function humanView(): View {
  let progress: ProgressView | undefined;
  const end = () => {
    progress?.end();
    progress = undefined;
  };
  return {
    end,
    gone: () => false,
    tell(event) {
      switch (event.event) {
        case "note":
          return void say(event.message);
        case "start":
          say(`${paint("bold", `${event.scenario}  ${methodOf(event)}`)}  ${shortPath(event.path)}`);
          if (event.step > 0) say(`going on at step ${count(event.step)} of ${count(event.steps)}`);
          progress = progressView(event.step, event.steps);
          return;
        case "update":
          return progress?.update(event);
        case "evaluation":
        case "checkpoint":
          return;
        case "result":
          end();
          return resultLines(event).forEach((line) => say(line));
      }
    },
  };
}

function resultLines(result: ResultEvent): string[] {
  const { run, path, step, steps, status, ended, report, final, policyStep } = result;
  const { policies = [], replays = [] } = result;
  const at = `at step ${count(step)} of ${count(steps)}`;
  if (status === "stopped") {
    return [
      `stopped ${at}${ended === undefined ? "" : ` (${ended})`}; everything is saved. To go on:`,
      `  ${resumeLine(path)}`,
    ];
  }
  return [
    ...ended === undefined ? [] : [`ended early ${at}: ${ended}`],
    ...report ? [`best policy, of step ${count(policyStep ?? step)}:`, ...reportLines(report)] : [],
    ...final ? [`last policy: return ${number(final.return.mean)}`] : [],
    ...policies.map((policy) => `exported  ${shortPath(policy)}`),
    ...replays.map((replay) => `replay    ${shortPath(replay)}`),
    `hash      ${result.hash}`,
    `See it: ${typed(`dashboard --runs ${shortPath(dirname(path))}`)}   (run ${run})`,
  ];
}

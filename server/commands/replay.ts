/**
 * `paddock replay`: record episodes of a run's best policy.
 *
 * @module
 */
import * as z from "zod";
import { command } from "../cli/command.ts";
import { runsFlag, toggle, whole } from "../cli/flags.ts";
import { bytes, count, shortPath } from "../cli/format.ts";
import { say, sayJson } from "../cli/output.ts";

export const replayCommand = command({
  name: "replay",
  summary: "record episodes of a run's best policy as a replay file",
  operands: { "<run>": "a run's name or folder" },
  flags: z.strictObject({
    episodes: whole(1, "episodes, one after another").default(10),
    seed: whole(0, "seed of the episodes").default(1),
    deterministic: toggle("take the most likely action instead of drawing one"),
    runs: runsFlag,
    json: toggle("print the result as one JSON object"),
  }),
  examples: ["paddock replay runs/crossing-mappo-1 --episodes 10 --seed 3"],
  async run({ episodes, seed, deterministic, runs, json }, [argument]) {
    const { keepReplay, openLearned, policyLabel, recordEpisodes } = await import("../run.ts");
    const { openRuntime } = await import("../run/runtime.ts");
    const { openStore } = await import("../store.ts");
    const { workspace, run, plan, learned } = await openLearned(
      argument as string,
      runs,
      await openRuntime(),
    );
    const recording = recordEpisodes({
      setting: plan.setting,
      policies: () => learned.policies(deterministic),
      episodes,
      seed,
      policy: policyLabel(plan, learned, deterministic),
      run: run.name,
    });
    const store = openStore(workspace.database);
    const path = keepReplay(run, store, recording);
    store.close();
    const { header: { steps }, violated, violations } = recording;
    const size = recording.bytes.length;
    if (json) sayJson({ path, bytes: size, episodes, steps, violatedEpisodes: violated, violations });
    else {
      say(`${shortPath(path)}  ${bytes(size)}, ${count(episodes)} episodes, ${count(steps)} steps`);
      say(`${count(violated)} of them broke a limit, with ${count(violations)} violations`);
    }
    return 0;
  },
});

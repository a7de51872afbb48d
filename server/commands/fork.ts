/**
 * `paddock fork`: what would have happened, had somebody else acted from some step on.
 *
 * @module
 */
import * as z from "zod";
import { command } from "../cli/command.ts";
import { text, toggle, whole } from "../cli/flags.ts";
import { bytes, count } from "../cli/format.ts";
import { say, sayJson } from "../cli/output.ts";
import { openReplay, scenarioFlag } from "./replay_file.ts";

export const forkCommand = command({
  name: "fork",
  summary: "go on from a step of a replay with another policy, into a new replay file",
  operands: { "<replay>": "a replay file", "<file>": "where to, such as forked.replay" },
  flags: z.strictObject({
    step: whole(0, "the first step that is different, counted from the start of the replay"),
    policy: text("name", "who acts from there on: random, or a scripted policy of the scenario").default(
      "random",
    ),
    steps: whole(1, "steps to go on for; as many as the replay did, if not given").optional(),
    seed: whole(0, "seed of the policy").default(1),
    scenario: scenarioFlag,
    json: toggle("print the result as one JSON object"),
  }),
  examples: [
    "paddock fork runs/crossing-mappo-1/replays/0001.replay careful.replay --step 40 --policy careful",
  ],
  async run({ step, policy, steps, seed, scenario: given, json }, [argument, file]) {
    const { findScenario, forkReplay, runner } = await import("../../sim/mod.ts");
    const { baseline } = await import("../run.ts");
    const { writeWhole } = await import("../workspace.ts");
    const { replay, scenario: own } = await openReplay(argument as string, given);
    const scenario = own ?? findScenario(replay.header.scenario);
    const fork = forkReplay(replay, step, scenario);
    const policies = baseline(scenario, fork.world.spec, policy);
    const acting = runner(fork.world, policies, seed, { firstEnv: replay.header.env, advance: fork.step });
    const more = steps ?? Math.max(1, replay.header.steps - step);
    for (let t = 0; t < more; t++) acting.step();
    const content = fork.finish({ policy });
    const path = file as string;
    writeWhole(path, content);
    if (json) sayJson({ path, bytes: content.length, step, steps: fork.steps });
    else {say(
        `${path}  ${bytes(content.length)}, ${count(fork.steps)} steps, ${policy} from step ${
          count(step)
        } on`,
      );}
    return 0;
  },
});

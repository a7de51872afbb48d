/** Which runs count as altered since they were saved. */
import assert from "node:assert/strict";
import { UserError } from "../../core/mod.ts";
import { readFlags } from "../../server/cli/flags.ts";
import { trainFlags } from "../../server/commands/train.ts";
import { requestOf } from "../../server/commands/train_request.ts";
import { planFrom, planRun } from "../../server/run/config.ts";
import { openWorkspace } from "../../server/workspace.ts";
import { inFolder } from "../commands/command.ts";

Deno.test("a setting with a default that is younger than a checkpoint does not make the run an altered one", () =>
  inFolder(async (folder) => {
    const given = { scenario: "mpe/simple_push_v3", algorithm: "ippo", selfPlay: ["share=0.25"] };
    const { config } = await planRun(requestOf(readFlags(trainFlags, given)), {});
    const { untrained, ...selfPlay } = config.selfPlay!;
    assert.equal(untrained, 0);
    const run = openWorkspace(folder).create({ ...config, name: "old" });
    run.writeConfig({ ...config, name: "old" });
    run.writeCheckpoint(10, { "config.json": JSON.stringify({ ...config, selfPlay }) });
    assert.equal((await planFrom(run)).config.selfPlay!.share, 0.25);

    run.writeConfig({ ...config, selfPlay: { ...selfPlay, share: 0.5, untrained: 0.1 } });
    await assert.rejects(planFrom(run), (error) => {
      assert.ok(error instanceof UserError);
      const lines = error.message.split("\n").filter((line) => line.startsWith("  "));
      assert.deepEqual(lines.toSorted(), [
        "  selfPlay.share is 0.5, and was 0.25",
        "  selfPlay.untrained is 0.1, and was 0",
      ]);
      return true;
    });
  }));

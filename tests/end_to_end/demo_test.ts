import assert from "node:assert/strict";
import { inFolder, paddock } from "../commands/command.ts";

Deno.test("demo trains, judges, records, serves and asks once; here with a hundredth of its steps", async () => {
  await inFolder(async (runs) => {
    const args = ["demo", "--no-open", "--exit", "--steps", "6400", "--port", "0", "--runs", runs];
    const { code, out, err } = await paddock([...args, "--json"]);
    assert.equal(code, 0, err);
    const { rows, unconstrained, constrained, curl, answer } = JSON.parse(out);
    assert.deepEqual(rows.map(({ name }: { name: string }) => name), [
      "random",
      "scripted",
      "unconstrained",
      "constrained",
    ]);
    for (const run of [unconstrained, constrained]) assert.equal(run.replays.length, 2);
    assert.match(curl, /curl -s http:\/\/127\.0\.0\.1:\d+\/v2\/models\/crossing-mappo-lagrangian-1\/infer/);
    assert.equal(JSON.parse(answer).outputs[0].name, "action");

    const text = await paddock(args);
    assert.equal(text.code, 0, text.err);
    assert.match(text.out, /\/runs\/crossing-mappo-lagrangian-2/);
  });
});

import assert from "node:assert/strict";
import { seed } from "../../core/mod.ts";
import { eventsOf, inFolder, paddock, smallRun, spawn } from "./command.ts";
import { checkResume } from "./resume.ts";

Deno.test("a training killed and resumed ends with the same state and curves", async () => {
  await checkResume(seed(20), 2);
});

Deno.test("SIGTERM saves, says how to go on, and nothing is lost", async () => {
  await inFolder(async (runs) => {
    const flags = [...smallRun, "--runs", runs, "--json"];
    const child = spawn([...flags, "--name", "stopped"]);
    let step = 0;
    let last: unknown;
    for await (const event of eventsOf(child)) {
      if (event.event === "update" && event.update === 20) child.kill("SIGTERM");
      if (event.event === "update") step = event.step;
      last = event;
    }
    assert.equal((await child.status).code, 143);
    await child.stderr.cancel();
    const { event, status, hash } = last as Record<string, unknown>;
    assert.deepEqual({ event, status }, { event: "result", status: "stopped" });
    assert.ok(step < 2400 && typeof hash === "string");

    const resumed = await paddock(["train", "--resume", "stopped", "--runs", runs, "--json"]);
    const whole = await paddock([...flags, "--name", "whole"]);
    const events = resumed.out.trim().split("\n").map((line) => JSON.parse(line));
    assert.equal(events[0].step, step);
    assert.equal(events.at(-1).hash, JSON.parse(whole.out.trim().split("\n").at(-1)!).hash);
  });
});

Deno.test("a second Ctrl-C ends the process at once, however long the running update takes", async () => {
  await inFolder(async (runs) => {
    const slow = "--set horizon=400 epochs=100 --envs 256 --steps 1e6".split(" ");
    const child = spawn([
      "train",
      "--scenario",
      "safe/crossing",
      "--algorithm",
      "mappo",
      ...slow,
      "--runs",
      runs,
    ]);
    const errors = new Response(child.stderr).text();
    let sent = 0;
    for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
      if (sent === 0) {
        await new Promise((resolve) => setTimeout(resolve, 1500));
        child.kill("SIGINT");
        sent = 1;
      } else if (text.includes("once more ends at once")) {
        child.kill("SIGINT"); // the same Ctrl-C again, as deno task passes it on
        await new Promise((resolve) => setTimeout(resolve, 1000));
        child.kill("SIGINT"); // throws where the echo has ended it
        sent = 2;
      }
    }
    const { signal } = await child.status;
    assert.deepEqual([sent, signal], [2, "SIGINT"], await errors);
  });
});

Deno.test("a run that is being trained cannot be resumed by a second process", async () => {
  await inFolder(async (runs) => {
    const child = spawn([...smallRun, "--runs", runs, "--name", "busy", "--json"]);
    const errors = new Response(child.stderr).text();
    let second: ReturnType<typeof paddock> | undefined;
    for await (const { event } of eventsOf(child)) {
      if (event === "start") child.kill("SIGSTOP");
      second ??= paddock(["train", "--resume", "busy", "--runs", runs]);
      const { code, err } = await second;
      child.kill("SIGCONT");
      assert.equal(code, 1);
      assert.match(err, /busy is being trained by another process/);
      break;
    }
    child.kill("SIGKILL");
    await child.status;
    await errors;
  });
});

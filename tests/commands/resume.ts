/** Kills trainings and resumes them: the end must be that of a training nobody disturbed. */
import assert from "node:assert/strict";
import { integer, type Stream } from "../../core/mod.ts";
import { openStore } from "../../server/store.ts";
import { eventsOf, inFolder, paddock, smallRun, spawn } from "./command.ts";

/** Updates of `smallRun`. */
const updates = 60;

/** What a training ended with: hash of its state, and all its curves but the clock's. */
interface End {
  readonly hash: string;
  readonly curves: unknown;
}

/** The same training once undisturbed, and once for each moment, killed there and resumed. */
export async function checkResume(stream: Stream, moments: number): Promise<void> {
  await inFolder(async (runs) => {
    const whole = await endOf([...smallRun, "--name", "whole"], runs, "whole");
    for (let i = 0; i < moments; i++) {
      const name = `killed-${i}`;
      const moment = { update: integer(stream, updates), delay: integer(stream, 20) };
      await killedAt([...smallRun, "--name", name, "--runs", runs, "--json"], moment);
      const resumed = await endOf(["train", "--resume", name], runs, name);
      assert.deepEqual(resumed, whole, `killed ${moment.delay} ms after update ${moment.update}`);
    }
  });
}

/** Kill -9 `delay` ms after the update numbered so; update 0 is the start. */
async function killedAt(args: readonly string[], moment: { update: number; delay: number }): Promise<void> {
  const child = spawn(args);
  const errors = new Response(child.stderr).text();
  for await (const event of eventsOf(child)) {
    const at = event.event === "start" ? 0 : event.event === "update" ? event.update : -1;
    if (at !== moment.update) continue;
    await new Promise((resolve) => setTimeout(resolve, moment.delay));
    child.kill("SIGKILL");
    break;
  }
  const { signal } = await child.status;
  assert.equal(signal, "SIGKILL", await errors);
}

async function endOf(args: readonly string[], runs: string, name: string): Promise<End> {
  const { code, out, err } = await paddock([...args, "--runs", runs, "--json"]);
  assert.equal(code, 0, err);
  const { event, hash, status } = JSON.parse(out.trim().split("\n").at(-1)!);
  assert.deepEqual({ event, status }, { event: "result", status: "done" });
  const store = openStore(`${runs}/paddock.db`);
  const curves = store.series(name).filter(({ tag }) => !tag.startsWith("time/"));
  store.close();
  return { hash, curves };
}

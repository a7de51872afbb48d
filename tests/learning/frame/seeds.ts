/**
 * All seeds of a trial: a process each, two at a time.
 *
 * @module
 */
import { say } from "../../../tools/say.ts";
import type { Job } from "./seed.ts";
import type { Outcome, Trial } from "./trial.ts";

const processes = 2;

/** Train with every seed; `tell` hears of each as it ends. Throws where a process fails. */
export async function trainSeeds(
  trial: Trial,
  seeds: readonly number[],
  tell: (outcome: Outcome) => void,
): Promise<Outcome[]> {
  const waiting = [...seeds];
  const done: Outcome[] = [];
  async function work(): Promise<void> {
    for (let seed = waiting.shift(); seed !== undefined; seed = waiting.shift()) {
      const outcome = await trainSeed({ trial, seed });
      tell(outcome);
      done.push(outcome);
    }
  }
  await Promise.all(Array.from({ length: processes }, work));
  return done.sort((a, b) => a.seed - b.seed);
}

async function trainSeed(job: Job): Promise<Outcome> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", new URL("seed.ts", import.meta.url).pathname],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(JSON.stringify(job)));
  await writer.close();
  const { success, stdout, stderr } = await child.output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  if (!success) {
    say(text(stderr));
    throw new Error(`seed ${job.seed} of ${job.trial.algorithm} on ${job.trial.scenario} failed`);
  }
  return JSON.parse(text(stdout));
}

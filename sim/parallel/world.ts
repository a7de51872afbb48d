/**
 * A world whose environments are split over threads that share its memory. Every environment computes what it would in
 * one thread, so the bits are those of `makeWorld`, for any number of workers.
 *
 * The calling thread does the first part itself. A step costs a meeting of all threads, some 10 µs: a part should have
 * a few hundred environments; `run` meets once for many steps.
 *
 * @module
 */
import { UserError } from "../../core/mod.ts";
import { blueprint } from "../engine/blueprint.ts";
import { checkStart, door } from "../engine/run.ts";
import { Store } from "../engine/store.ts";
import { checkOptions, type WorldOptions } from "../engine/world.ts";
import type { World } from "../types.ts";
import { type Command, Control, type Totals } from "./control.ts";
import { memorySize, type Orders, policiesOf, Slice, wholeMemory } from "./slice.ts";
import { dataOf, load, type ScenarioSource } from "./source.ts";
import type { Answer, Job } from "./worker.ts";

export interface ParallelOptions extends WorldOptions {
  readonly scenario: ScenarioSource;
  /** How many threads work, the calling one among them; default 2. No more than there are environments. */
  readonly workers?: number;
}

export interface ParallelWorld extends World, Disposable {
  readonly workers: number;
  /**
   * `steps` steps without a meeting of the threads, by policies that the scenario brings along or "random". Streams
   * are keyed as the runner keys them. Sums over these steps stand in `totals`.
   */
  run(orders: Orders & { readonly steps: number }): void;
  readonly totals: Totals;
  /** Ends the workers. Without it the program does not end. */
  close(): void;
}

/**
 * A world of `envs` environments over `workers` threads, reset with seed 0.
 *
 * @throws UserError naming a wrong param or option
 */
export async function parallelWorld(options: ParallelOptions): Promise<ParallelWorld> {
  const { scenario: source, envs = 1, backend = "js", firstEnv = 0, autoreset = "same-step", ...more } =
    options;
  const { workers = 2, ...plans } = more;
  checkOptions(options);
  if (!(Number.isInteger(workers) && workers >= 1)) {
    throw new UserError(
      `parallelWorld: expected workers to be a whole number of at least 1, found ${workers}`,
    );
  }
  if (typeof SharedArrayBuffer === "undefined") {
    throw new UserError(
      "parallelWorld needs shared memory, which this page does not have: serve it with the headers " +
        "Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp, or use makeWorld",
    );
  }
  const scenario = await load(dataOf(source));
  const plan = blueprint(scenario, plans);
  const whole = { scenario, plan, backend, autoreset, envs, firstEnv };
  const spec = plan.spec(backend, envs);
  const memory = new SharedArrayBuffer(memorySize(whole));
  const control = new Control(new SharedArrayBuffer(Control.bytes(spec)), spec);
  const cells = wholeMemory(whole, memory);
  const store = new Store(spec, plan.columns, cells);
  store.initialise();
  const parts = split(envs, Math.min(workers, envs));
  const [own, ...others] = parts;
  const slice = new Slice(whole, cells, control, own!.first, own!.count);
  const job = { source: dataOf(source), options: plans, backend, autoreset, envs, firstEnv, memory };
  const threads = await all(
    others.map((part) => start({ ...job, ...part, control: control.buffer })),
  );
  const look = door(plan, store, autoreset, () => true);
  let open = true;

  function together(command: Command, argument = 0): void {
    if (!open) throw new UserError(`${command}: the world is closed: make a new one`);
    control.begin(command, argument, threads.length);
    try {
      slice.perform();
    } catch (error) {
      control.fail(error);
    }
    control.finished();
    control.check();
  }

  const world: ParallelWorld = {
    spec,
    autoreset,
    workers: parts.length,
    ...store.arrays,
    totals: control.totals,
    reset(seed, episode = 0) {
      checkStart(seed, episode);
      control.seeded = typeof seed !== "number";
      if (typeof seed === "number") control.seeds.fill(seed);
      else if (seed.length === envs) control.seeds.set(seed);
      else {throw new UserError(
          `reset: expected a seed for each of ${envs} environments, found ${seed.length}`,
        );}
      together("reset", episode);
    },
    restart(which) {
      if (which.length !== envs) {
        throw new UserError(
          `restart: expected an entry for each of ${envs} environments, found ${which.length}`,
        );
      }
      control.which.set(which);
      together("restart");
    },
    step() {
      look();
      together("step");
    },
    run({ steps, ...orders }) {
      policiesOf(scenario, spec, orders.policies);
      control.words = JSON.stringify(orders);
      together("run", steps);
    },
    refresh: () => together("refresh"),
    snapshot: () => store.snapshot(),
    restore(bytes) {
      store.restore(bytes);
      together("restored");
    },
    fork(from, to) {
      store.fork(from, to);
      together("restored");
    },
    hash: (env) => store.hash(env),
    close() {
      if (open) control.begin("close", 0, threads.length);
      open = false;
    },
    [Symbol.dispose]: () => world.close(),
  };
  world.reset(0);
  return world;
}

/** `envs` environments in `workers` parts whose sizes differ by one at most. */
export function split(envs: number, workers: number): { readonly first: number; readonly count: number }[] {
  return Array.from({ length: workers }, (_, i) => {
    const first = Math.floor(envs * i / workers);
    return { first, count: Math.floor(envs * (i + 1) / workers) - first };
  });
}

/** All workers; where one cannot start, none is left. */
async function all(starting: readonly Promise<Worker>[]): Promise<Worker[]> {
  const settled = await Promise.allSettled(starting);
  const workers = settled.flatMap((one) => one.status === "fulfilled" ? [one.value] : []);
  const failed = settled.find((one) => one.status === "rejected");
  if (failed === undefined) return workers;
  workers.forEach((worker) => worker.terminate());
  throw failed.reason;
}

function start(job: Job): Promise<Worker> {
  const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<Answer>) => {
      if (data.ready) return resolve(worker);
      worker.terminate();
      reject(data.user ? new UserError(data.message) : new Error(data.message));
    };
    worker.onerror = (event) => {
      event.preventDefault();
      reject(new Error(event.message));
    };
    worker.postMessage(job);
  });
}

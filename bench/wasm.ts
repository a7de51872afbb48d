/**
 * simple_spread with three agents on every compiled backend, beside the same thing in plain C (`peers/spread.c`): same
 * outputs, contact rule, random numbers and resets. Both play two episodes and a bit first, and must agree on them.
 *
 * @module
 */
import { fork, seed as streamOf, UserError } from "../core/mod.ts";
import { type BackendName, findScenario, makeWorld, type World } from "../sim/mod.ts";
import { race, repeat } from "./measure.ts";
import { type Benchmark, type Row, row, skippedRow } from "./rows.ts";

const scenario = "mpe/simple_spread_v3";
const agents = 3;

/** Not a power of two, which would put all columns into the same cache sets. */
const envs = 1040;

/** The least ratios to C that we want. */
const bars = { js: 0.7, wasm64: 1.2, wasm32: 2.5 } as const;

/** Steps that are compared: an episode has 25. */
const compared = 60;
/** Doubles part by the last bits of libm's exponential alone; floats are compared for as long as they stay close. */
const tolerance = { doubles: 1e-9, floats: 1e-3, steps: 5 } as const;

const seed = 1;
const flags = ["-O3", "-march=native", "-shared", "-fPIC"];
const symbols = {
  reset: { parameters: ["buffer", "i32"], result: "void" },
  step: { parameters: ["buffer", "i32"], result: "void" },
} as const;

/** Columns of the C world, in the order of its struct. */
function columns() {
  const rows = envs * agents;
  return {
    actions: new Int32Array(rows),
    pos: new Float64Array(4 * rows),
    vel: new Float64Array(2 * rows),
    obs: new Float64Array(18 * rows),
    finalObs: new Float64Array(18 * rows),
    reward: new Float64Array(rows),
    cost: new Float64Array(rows),
    channelCost: new Float64Array(envs),
    truncated: new Uint8Array(rows),
    done: new Uint8Array(envs),
    cycle: new Int32Array(envs),
    episode: new Int32Array(envs),
    key: new Uint32Array(2 * envs),
  };
}

const outputs = ["obs", "finalObs", "reward", "cost", "channelCost", "truncated", "done", "episode"] as const;

interface Native extends ReturnType<typeof columns> {
  readonly version: string;
  reset(): void;
  step(): void;
  close(): void;
}

/** Compiles and loads the C peer; what is missing where that cannot be done. */
async function openNative(): Promise<Native | { missing: string }> {
  const directory = await Deno.makeTempDir({ prefix: "paddock-bench-" });
  try {
    const library = `${directory}/spread.so`;
    const source = new URL("peers/spread.c", import.meta.url).pathname;
    const run = (...args: string[]) => new Deno.Command("gcc", { args, stderr: "inherit" }).output();
    const version = new TextDecoder().decode((await run("-dumpfullversion")).stdout).trim();
    const { success } = await run(...flags, "-o", library, source, "-lm");
    if (!success) throw new UserError("gcc does not compile bench/peers/spread.c: see its message above");
    const opened = Deno.dlopen(library, symbols);
    const native = opened.symbols;
    const own = columns();
    for (let env = 0; env < envs; env++) {
      const { k0, k1 } = fork(streamOf(seed), env);
      own.key.set([k0, k1], 2 * env);
    }
    const addresses = BigUint64Array.from(Object.values(own), (column) => {
      return BigInt(Deno.UnsafePointer.value(Deno.UnsafePointer.of(column)));
    });
    return {
      ...own,
      version: `gcc ${version}`,
      reset() {
        own.finalObs.fill(0);
        native.reset(addresses, envs);
      },
      step: () => native.step(addresses, envs),
      close: () => opened.close(),
    };
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    return { missing: "no gcc" };
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

/** Random-looking actions of all environments at each of some steps. */
const actions = Array.from({ length: 64 }, (_, t) => {
  let state = t + 1;
  return Int32Array.from({ length: envs * agents }, () => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return (state >>> 16) % 5;
  });
});

/** Throws where a world and its peer part. */
function agree(world: World, backend: BackendName, native: Native): void {
  native.reset();
  world.reset(seed);
  const floats = backend === "wasm32";
  const steps = floats ? tolerance.steps : compared;
  const allowed = floats ? tolerance.floats : tolerance.doubles;
  for (let t = 0; t < steps; t++) {
    for (const it of [world, native]) it.actions.set(actions[t]!);
    world.step();
    native.step();
    for (const name of outputs) {
      const [ours, theirs] = [world[name], native[name]];
      const at = ours.findIndex((x: number, i: number) => !(Math.abs(x - theirs[i]!) <= allowed));
      if (at >= 0) {
        throw new UserError(
          `wasm: step ${t}, ${name}[${at}]: ${backend} gives ${ours[at]}, the C peer ${theirs[at]}`,
        );
      }
    }
  }
}

function stepper(world: { readonly actions: World["actions"]; step(): void }): () => void {
  let t = 0;
  return () => {
    world.actions.set(actions[t]!);
    world.step();
    t = (t + 1) % actions.length;
  };
}

export const wasm: Benchmark = async function* (): AsyncGenerator<Row> {
  const names = Object.keys(bars) as (keyof typeof bars)[];
  const worlds = names.map((backend): World => makeWorld(findScenario(scenario), { envs, backend }));
  const native = await openNative();
  const contestants = worlds.map((world) => repeat(envs * agents, stepper(world)));
  if (!("missing" in native)) {
    names.forEach((backend, i) => agree(worlds[i]!, backend, native));
    contestants.push(repeat(envs * agents, stepper(native)));
  }
  const rates = await race(contestants, { rounds: 9, seconds: 0.5, warmup: 1 });
  for (const [i, backend] of names.entries()) {
    const fields = {
      name: `simple_spread N=${agents}, E=${envs}, ${backend} backend`,
      unit: "agent-steps/s",
      ours: rates[i]!,
      peerName: "plain C",
      bar: bars[backend],
    };
    if ("missing" in native) yield skippedRow({ ...fields, skipped: native.missing });
    else yield row({ ...fields, peer: rates.at(-1)!, peerVersion: native.version });
  }
  if (!("missing" in native)) native.close();
};

/**
 * The bits of core's math and random streams, one hash a function: the same on every engine and machine. A hash that
 * changes means that old replays no longer verify; change one on purpose only, and say so in docs/decisions.
 *
 * @module
 */
import * as core from "../../core/mod.ts";

/** Name -> hash, 16 hex digits. */
export const golden: Readonly<Record<string, string>> = {
  exp: "b061fdeddc9c155f",
  expm1: "7d36f5e9623d05f8",
  log: "906b384a445bc2c7",
  log1p: "6ff4c9d97a78b14f",
  sin: "81f10c14463fd439",
  cos: "c635869032b3f38d",
  tan: "a24b1181c370517f",
  tanh: "5e28ff59bff488ea",
  expNeg: "aef6be1ee0e55ca7",
  log1p01: "e00337f535a9bab6",
  softplus: "471cdb4669eb28de",
  atan2: "9f59267a15811d23",
  pow: "645b3ec011bc85bf",
  hypot: "e04207ffb555a458",
  draws: "22b90bdb68054b90",
};

const single = [
  "exp",
  "expm1",
  "log",
  "log1p",
  "sin",
  "cos",
  "tan",
  "tanh",
  "expNeg",
  "log1p01",
  "softplus",
] as const;
const double = ["atan2", "pow", "hypot"] as const;

/** The same hashes, as this engine has them. */
export function computed(): Record<string, string> {
  const functions = [...single, ...double].map((name) => [name, hashOf(name)]);
  return { ...Object.fromEntries(functions), draws: draws() };
}

/** Hash of a function over 3,000 arguments: of all sizes, and moderate. */
function hashOf(name: typeof single[number] | typeof double[number]): string {
  const hash = core.hasher();
  const stream = core.fork(core.seed(0), name);
  const draw = (): number => {
    const x = core.uniform(stream, -8, 8);
    const scaled = core.integer(stream, 2) === 0 ? x : x * core.exp(core.uniform(stream, -600, 600));
    return name === "expNeg"
      ? core.uniform(stream, -708, 0)
      : name === "log1p01"
      ? core.uniform(stream)
      : scaled;
  };
  for (let i = 0; i < 3000; i++) hash.f64(core[name](draw(), draw()));
  return hash.hex();
}

function draws(): string {
  const stream = core.fork(core.seed(0), "draws");
  const hash = core.hasher();
  for (let i = 0; i < 1000; i++) {
    hash.f64(core.uniform(stream));
    hash.f64(core.normal(stream));
    hash.f64(core.integer(stream, i + 1));
    hash.f64(core.categorical(stream, [1, 2, i]));
  }
  const noise = new Float64Array(1000);
  core.fillGumbel(stream, noise);
  hash.array(noise);
  const order = new Int32Array(1000);
  core.permutation(stream, order);
  hash.array(order);
  return hash.hex();
}

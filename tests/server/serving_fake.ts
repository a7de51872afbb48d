/**
 * A policy that needs no runtime: its action is the arg max of the first A observations, its logits are those.
 *
 * @module
 */
import type { Port, Session, Value } from "../../tensor/mod.ts";
import type { ServedModel } from "../../server/serving/infer.ts";

export const O = 4;
export const A = 3;

const port = (name: string, dtype: Port["dtype"], shape: Port["shape"]): Port => ({ name, dtype, shape });

export const policyInputs: readonly Port[] = [
  port("obs", "float32", ["batch", O]),
  port("mask", "float32", ["batch", A]),
  port("noise", "float32", ["batch", A]),
];

/** What the last run was fed. */
export interface Fake {
  readonly model: ServedModel;
  fed: Readonly<Record<string, Value>>;
}

export function fakePolicy(name = "crossing", kind: "discrete" | "continuous" = "discrete"): Fake {
  const discrete = kind === "discrete";
  const outputs = discrete
    ? [port("action", "int32", ["batch"]), port("logits", "float32", ["batch", A])]
    : [port("action", "float32", ["batch", A])];
  const fake = { fed: {} as Readonly<Record<string, Value>> };
  const session: Session = {
    inputs: policyInputs,
    outputs,
    run(feeds) {
      fake.fed = feeds;
      const { obs, mask, noise } = feeds;
      const rows = obs!.shape[0]!;
      const logits = Float32Array.from({ length: rows * A }, (_, i) => {
        const [row, a] = [Math.floor(i / A), i % A];
        return mask!.data[i] === 0 ? -1e9 : obs!.data[row * O + a]! + noise!.data[i]!;
      });
      if (!discrete) return { action: { dtype: "float32", shape: [rows, A], data: logits } };
      const action = Int32Array.from({ length: rows }, (_, row) => {
        const of = logits.subarray(row * A, (row + 1) * A);
        return of.indexOf(Math.max(...of));
      });
      return {
        action: { dtype: "int32", shape: [rows], data: action },
        logits: { dtype: "float32", shape: [rows, A], data: logits },
      };
    },
    dispose() {},
  };
  const metadata = { scenario: '"safe/crossing"', group: '"agent"' };
  return Object.assign(fake, { model: { name, session, metadata } });
}

/** Inputs of every datatype, and an output that gives back what it can. */
export function fakeTypes(): Fake {
  const fake = { fed: {} as Readonly<Record<string, Value>> };
  const session: Session = {
    inputs: [port("f", "float32", ["n"]), port("i", "int32", ["n", 2]), port("b", "bool", [1, "n"])],
    outputs: [port("f2", "float32", ["n"]), port("i2", "int32", ["n", 2]), port("b2", "bool", [1, "n"])],
    run(feeds) {
      fake.fed = feeds;
      return { f2: feeds.f!, i2: feeds.i!, b2: feeds.b! };
    },
    dispose() {},
  };
  return Object.assign(fake, { model: { name: "types", session, metadata: {} } });
}

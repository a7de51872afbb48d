/**
 * Loops: a body that is recorded once and runs many times, in one call of the compiled graph.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";
import { UserError } from "../../core/mod.ts";
import type { Graph, GraphPort } from "../onnx/graph.ts";
import type { DType, Tensors } from "../types.ts";
import { same } from "./builder.ts";
import { finish } from "./finish.ts";
import { type Recorder, recorder } from "./recorder.ts";
import { filled, type Sym } from "./symbols.ts";

/** What one turn of a loop hands on. */
export interface Turn {
  /** The values for the next turn: same names, shapes and types as the loop's `carry`. */
  readonly carry: Tensors;
  /** Values to collect, one row per turn. */
  readonly scan?: Tensors;
  /** A boolean with no axes; the loop ends after the turn in which it is false. */
  readonly go?: tf.Tensor;
}

/** What a loop leaves. */
export interface Looped {
  readonly carry: Tensors;
  /** Each collected value, [turns, ...its shape]. A loop that ended early has fewer rows than its tensor's shape says. */
  readonly scan: Tensors;
}

/**
 * Runs `body` up to `times` times. Traced, it is one ONNX Loop; eagerly, a JavaScript loop.
 * The body may read tensors made outside of it. There is no gradient through a loop: take gradients inside the body,
 * or use `scanRnn`.
 *
 * @param carry the values of the first turn
 * @param body takes the turn's number (int32, no axes) and the carried values
 */
export function loop(times: number, carry: Tensors, body: (turn: tf.Tensor, carry: Tensors) => Turn): Looped {
  const r = recorder();
  if (r === undefined) return eagerLoop(times, carry, body);
  refuseTape();
  return recordLoop(r, times, carry, body);
}

/** Refuses to go on where a gradient is to be taken through what comes. */
export function refuseTape(): void {
  if (recorder() === undefined || !tf.engine().isTapeOn()) return;
  throw new UserError(
    "there is no gradient through loop(): take gradients inside its body, or use scanRnn, scanGru or scanLstm; " +
      "where those are differentiated twice, unroll them (the option `unroll`)",
  );
}

function eagerLoop(times: number, carry: Tensors, body: (turn: tf.Tensor, carry: Tensors) => Turn): Looped {
  const rows: Record<string, tf.Tensor[]> = {};
  for (let i = 0; i < times; i++) {
    const turn = body(tf.scalar(i, "int32"), carry);
    carry = turn.carry;
    for (const [name, value] of Object.entries(turn.scan ?? {})) (rows[name] ??= []).push(value);
    if (turn.go?.dataSync()[0] === 0) break;
  }
  return {
    carry,
    scan: Object.fromEntries(Object.entries(rows).map(([name, values]) => [name, tf.stack(values)])),
  };
}

function recordLoop(
  r: Recorder,
  times: number,
  carry: Tensors,
  body: (turn: tf.Tensor, carry: Tensors) => Turn,
): Looped {
  const { builder } = r;
  const names = Object.keys(carry);
  const first = names.map((name) => r.sym(carry[name]!));

  builder.open();
  const { graph } = builder;
  const iteration = builder.named(builder.fresh("turn"), [], "int64");
  const condition = builder.named(builder.fresh("go"), [], "bool");
  const carried = first.map((sym, k) => builder.named(builder.fresh(names[k]!), sym.shape, sym.dtype));
  graph.inputs = [iteration, condition, ...carried].map(port);
  const tensors = Object.fromEntries(carried.map((sym, k) => [names[k]!, r.tensor(sym)]));
  const turn = body(r.tensor(builder.cast(iteration, "int32")), tensors);

  emit(r, graph, "go", turn.go === undefined ? condition : r.sym(turn.go));
  names.forEach((name, k) => emit(r, graph, name, checked(name, first[k]!, turn.carry[name], r)));
  const scanned = Object.entries(turn.scan ?? {}).map(([name, value]) => ({ name, sym: r.sym(value) }));
  for (const { name, sym } of scanned) emit(r, graph, name, sym);
  finish(builder.close());

  const outputs = [
    ...first.map(({ shape, dtype }) => ({ shape, dtype })),
    ...scanned.map(({ sym }) => ({ shape: [times, ...sym.shape], dtype: sym.dtype })),
  ];
  const inputs = [builder.scalar(times, "int64"), filled(1, [], "bool"), ...first];
  const results = builder.nodes("Loop", inputs, outputs, { body: { graph } }).map((sym) => r.tensor(sym));
  return {
    carry: Object.fromEntries(names.map((name, k) => [name, results[k]!])),
    scan: Object.fromEntries(scanned.map(({ name }, k) => [name, results[names.length + k]!])),
  };
}

/** Adds an output to the body. ONNX wants each output to be a value of the body itself, hence the Identity. */
function emit({ builder }: Recorder, graph: Graph, stem: string, sym: Sym): void {
  const name = builder.fresh(`${stem}_out`);
  graph.nodes.push({ op: "Identity", inputs: [builder.name(sym)], outputs: [name], attributes: {} });
  graph.outputs.push(port({ ...sym, name }));
}

function port({ name, shape, dtype }: Sym): GraphPort {
  return { name, dtype, dims: shape };
}

function checked(name: string, first: Sym, next: tf.Tensor | undefined, r: Recorder): Sym {
  if (next === undefined) throw new UserError(`the loop's body returned no carry "${name}"`);
  if (!same(first.shape, next.shape) || first.dtype !== next.dtype as DType) {
    throw new UserError(
      `the loop's carry "${name}" starts as ${first.dtype} [${first.shape}] and its body returned ` +
        `${next.dtype} [${next.shape}]: shape and type must stay the same`,
    );
  }
  return r.sym(next);
}

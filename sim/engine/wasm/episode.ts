/**
 * The functions around the kernels: the end of an episode and the check of actions. They do what `world.ts` and
 * `actions.ts` say, in the module itself.
 *
 * @module
 */
import type { WorldSpec } from "../../types.ts";
import type { Place } from "./rows.ts";
import type { Code } from "./encode.ts";
import { at, call, code, f32Const, i32Const, v128Const, word } from "./instructions.ts";
import { append, type Func, get, type ModuleWriter, set } from "./module.ts";
import {
  BLOCK,
  BR_IF,
  END,
  f32x4,
  I32,
  i32,
  i32x4,
  IF,
  LOOP,
  MEMORY_COPY,
  MEMORY_FILL,
  V128,
  v128,
} from "./opcodes.ts";

/** The largest float: spaces that clip take every finite one. */
const LARGEST = 3.4028234663852886e38;

/** Bytes of actions looked at in one go. */
const STRIDE = 64;

/** Rows up to so many bytes are copied piece by piece: a call costs more. */
const SHORT = 1024;

/** What the end of an episode needs to know. */
export interface Ending {
  readonly places: ReadonlyMap<string, Place>;
  readonly N: number;
  readonly maxCycles: number;
  /** Columns that begin an episode at 0. */
  readonly episodic: readonly string[];
  /** Draws all numbers of a reset, from key, key, episode; undefined where there are too few. */
  readonly fill: number | undefined;
  readonly reset: number;
  readonly observe: number;
}

/** A function of `e` that runs the scenario's reset, on the numbers that it draws. */
export function defineReset(module: ModuleWriter, { places, fill, reset }: Ending): Func {
  const func = module.define([I32], [], "reset");
  const load = (column: string, fixed = 0) => {
    return code(address(places, column), at(i32.load, offset(places, column) + 4 * fixed));
  };
  if (fill !== undefined) append(func.body, code(load("key"), load("key", 1), load("episode"), call(fill)));
  append(func.body, code(get(0), call(reset)));
  return func;
}

/** A function of `e` that zeroes its state and begins the episode that its counters name. */
function defineBegin(module: ModuleWriter, ending: Ending, reset: number): Func {
  const { places, episodic, observe } = ending;
  const func = module.define([I32], []);
  append(func.body, code(address(places, "cycle"), i32Const(0), at(i32.store, offset(places, "cycle"))));
  for (const column of episodic) append(func.body, zero(places.get(column)!));
  append(func.body, code(get(0), call(reset), get(0), call(observe)));
  return func;
}

/** A function of `e` that keeps its last observation and mask, marks its end and begins the next episode. */
export function defineFinish(module: ModuleWriter, ending: Ending, reset: number): Func {
  const { places, N, maxCycles } = ending;
  const begin = defineBegin(module, ending, reset).index;
  const func = module.define([I32], []);
  const at8 = (op: Code, column: string, fixed: number) => at(op, offset(places, column) + fixed);
  append(func.body, copyRow(places.get("obs")!, places.get("finalObs")!));
  if (places.has("finalState")) append(func.body, copyRow(places.get("state")!, places.get("finalState")!));
  if (places.has("finalMask")) append(func.body, copyRow(places.get("mask")!, places.get("finalMask")!));
  append(func.body, code(address(places, "done"), i32Const(1), at8(i32.store8, "done", 0)));
  const cycle = code(address(places, "cycle"), at8(i32.load, "cycle", 0));
  append(func.body, code(cycle, i32Const(maxCycles), i32.ge, IF));
  for (let n = 0; n < N; n++) {
    const flag = (column: string) => code(address(places, column), at8(i32.load8u, column, n));
    const over = places.has("gone") ? code(flag("terminated"), flag("gone"), i32.or) : flag("terminated");
    append(func.body, code(address(places, "truncated"), over, i32.eqz, at8(i32.store8, "truncated", n)));
  }
  append(func.body, END);
  const episode = code(address(places, "episode"), at8(i32.load, "episode", 0));
  append(
    func.body,
    code(address(places, "episode"), episode, i32Const(1), i32.add, at8(i32.store, "episode", 0)),
  );
  append(func.body, code(get(0), call(begin)));
  return func;
}

/** Where the row of environment 0 lies. */
function offset(places: Ending["places"], column: string): number {
  return places.get(column)!.offset;
}

/** How much farther the row of environment `e` lies. */
function address(places: Ending["places"], column: string): Code {
  return rowOf(places.get(column)!);
}

function rowOf({ row }: Place): Code {
  return row === 1 ? get(0) : code(get(0), i32Const(row), i32.mul);
}

/** Pieces of a row, the largest first. */
function* pieces(row: number): Iterable<{ readonly at: number; readonly size: 16 | 4 | 1 }> {
  let at = 0;
  for (const size of [16, 4, 1] as const) {
    for (; at + size <= row; at += size) yield { at, size };
  }
}

function zero(place: Place): Code {
  const row = rowOf(place);
  if (place.row > SHORT) {
    return code(row, i32Const(place.offset), i32.add, i32Const(0), i32Const(place.row), MEMORY_FILL);
  }
  return [...pieces(place.row)].flatMap(({ at: part, size }) => {
    const value = size === 16 ? v128Const([0]) : i32Const(0);
    const store = size === 16 ? v128.store : size === 4 ? i32.store : i32.store8;
    return code(row, value, at(store, place.offset + part));
  });
}

function copyRow(from: Place, to: Place): Code {
  const row = rowOf(from);
  if (from.row > SHORT) {
    const start = ({ offset }: Place) => code(row, i32Const(offset), i32.add);
    return code(start(to), start(from), i32Const(from.row), MEMORY_COPY);
  }
  return [...pieces(from.row)].flatMap(({ at: part, size }) => {
    const [load, store] = size === 16
      ? [v128.load, v128.store]
      : size === 4
      ? [i32.load, i32.store]
      : [i32.load8u, i32.store8];
    return code(row, row, at(load, from.offset + part), at(store, to.offset + part));
  });
}

/**
 * A function that tells whether some action may lie outside its space; `actions.ts` then says which, if any. Undefined
 * where agents have spaces of different sizes.
 */
export function defineCheck(module: ModuleWriter, spec: WorldSpec, { offset, row }: Place): Func | undefined {
  const { E, A, actionSizes, groups } = spec;
  const [first] = groups;
  const same = actionSizes.every((size) => size === A) && groups.every(({ action }) => {
    return JSON.stringify(action) === JSON.stringify(first!.action);
  });
  if (!same) return undefined;
  const func = module.define([], [I32], "suspicious");
  const pointer = func.local(I32);
  const found = func.local(V128);
  const space = first!.action;
  const single = (x: number) => v128Const(f32Const(x).slice(1));
  const outside = (part: number) => {
    const actions = code(get(pointer), at(v128.load, offset + part));
    if (space.kind === "discrete") return code(actions, v128Const(word(space.n - 1)), i32x4.gtU);
    const [low, high] = space.clips ? [-LARGEST, LARGEST] : [space.low, space.high];
    const above = code(single(low), actions, f32x4.le);
    return code(above, actions, single(high), f32x4.le, v128.and, v128.not);
  };
  append(func.body, LOOP);
  // Four vectors at a time; behind the last action lie zeros.
  for (let part = 0; part < STRIDE; part += 16) {
    append(func.body, code(get(found), outside(part), v128.or, set(found)));
  }
  append(func.body, code(get(pointer), i32Const(STRIDE), i32.add, set(pointer)));
  append(func.body, code(get(pointer), i32Const(E * row), i32.lt, [BR_IF, 0], END));
  append(func.body, code(get(found), v128.anyTrue));
  return func;
}

/** Runs code with each environment's number from `first` on in a local, until `end`. */
export function forEach(local: number, first: number, end: number, body: Code): Code {
  const next = code(get(local), i32Const(1), i32.add, set(local));
  return code(
    i32Const(first),
    set(local),
    BLOCK,
    LOOP,
    code(get(local), i32Const(end), i32.ge, [BR_IF, 1]),
    body,
    next,
    code(i32Const(1), [BR_IF, 0]),
    END,
    END,
  );
}

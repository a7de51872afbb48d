/**
 * A WebAssembly module in the making: functions with typed locals, imports, exports and one imported memory.
 *
 * @module
 */
import { type Bytes, type Code, flatten, type Growing, sized, text, unsigned, vector } from "./encode.ts";
import { END, LOCAL_GET, LOCAL_SET, type Type } from "./opcodes.ts";

interface Signature {
  readonly params: readonly Type[];
  readonly results: readonly Type[];
}

const PAGE = 65536;
const FUNCTION = 0x60;
const MEMORY = 2;

/** A function's body, written piece by piece. */
export class Func {
  readonly #locals: Type[] = [];
  readonly body: Growing = [];

  constructor(readonly index: number, readonly signature: Signature, readonly type: number) {}

  /** A new local variable. */
  local(type: Type): number {
    return this.signature.params.length + this.#locals.push(type) - 1;
  }

  /** Computes a value now, into a local; the code that reads it. */
  keep(value: Code, type: Type, into: Growing = this.body): Code {
    const local = this.local(type);
    append(into, value);
    append(into, set(local));
    return get(local);
  }

  /** The body with its locals, as the code section has it. */
  encode(): Bytes {
    const runs: [count: number, type: Type][] = [];
    for (const type of this.#locals) {
      const last = runs.at(-1);
      if (last?.[1] === type) last[0]++;
      else runs.push([1, type]);
    }
    const locals = vector(runs.map(([count, type]) => [...unsigned(count), type]));
    return sized(flatten([locals, this.body, END]));
  }
}

/** Functions with their imports and exports. Import before defining. */
export class ModuleWriter {
  readonly #types: Bytes[] = [];
  readonly #imports: Bytes[] = [];
  readonly #functions: Func[] = [];
  readonly #exports: Bytes[] = [];
  #imported = 0;

  /** Imports a function; its index. */
  import(name: string, params: readonly Type[], results: readonly Type[]): number {
    const type = this.#type({ params, results });
    this.#imports.push([...text("sim"), ...text(name), 0, ...unsigned(type)]);
    return this.#imported++;
  }

  /** Begins a function. */
  define(params: readonly Type[], results: readonly Type[], name?: string): Func {
    const index = this.#imported + this.#functions.length;
    const signature = { params, results };
    const func = new Func(index, signature, this.#type(signature));
    this.#functions.push(func);
    if (name !== undefined) this.#exports.push([...text(name), 0, ...unsigned(index)]);
    return func;
  }

  #type({ params, results }: Signature): number {
    const code = [FUNCTION, ...sized(params), ...sized(results)];
    const known = this.#types.findIndex((type) => type.join() === code.join());
    return known >= 0 ? known : this.#types.push(code) - 1;
  }

  /** @param memory bytes of the memory it imports */
  encode(memory: number): Uint8Array<ArrayBuffer> {
    const own = [...text("sim"), ...text("memory"), MEMORY, 0, ...unsigned(pagesOf(memory))];
    const sections: [id: number, items: readonly Bytes[]][] = [
      [1, this.#types],
      [2, [...this.#imports, own]],
      [3, this.#functions.map(({ type }) => unsigned(type))],
      [7, this.#exports],
      [10, this.#functions.map((func) => func.encode())],
    ];
    return joined([MAGIC, ...sections.flatMap(([id, items]) => section(id, items))]);
  }
}

/** How a module begins: its mark and the format's version. */
const MAGIC: Bytes = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];

/** A section of items, in pieces. */
function section(id: number, items: readonly Bytes[]): readonly Bytes[] {
  const count = unsigned(items.length);
  const size = items.reduce((sum, { length }) => sum + length, count.length);
  return [[id, ...unsigned(size)], count, ...items];
}

function joined(pieces: readonly Bytes[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}

/** Pages that hold so many bytes. */
export function pagesOf(bytes: number): number {
  return Math.ceil(bytes / PAGE);
}

export function get(local: number): Code {
  return [LOCAL_GET, ...unsigned(local)];
}

export function set(local: number): Code {
  return [LOCAL_SET, ...unsigned(local)];
}

/** Adds code. */
export function append(into: Growing, code: Code): void {
  if (code.length > 0) into.push(code);
}

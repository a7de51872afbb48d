/**
 * A kernel in the making: a function of the environment `e`, or of as many from `e` on as there are lanes.
 *
 * @module
 */
import type { Code, Growing } from "./encode.ts";
import { code, i32Const } from "./instructions.ts";
import type { Lanes } from "./lanes.ts";
import { type Func, get, set } from "./module.ts";
import { I32, i32, type Type } from "./opcodes.ts";

/** A function, its lanes, and where rows of its environments begin. */
export class Frame {
  /** Locals that hold e times the bytes of a row. */
  readonly #rows = new Map<number, number>();

  /** @param env the local of the first environment's number */
  constructor(readonly func: Func, readonly lanes: Lanes, readonly env: number) {}

  /** The first environment's offset in columns of rows so long. */
  row(bytes: number): Code {
    let local = this.#rows.get(bytes);
    if (local === undefined) this.#rows.set(bytes, local = this.func.local(I32));
    return get(local);
  }

  /** Finds the rows of environment `env`; before the body that asks for them. */
  enter(): Code {
    return [...this.#rows].flatMap(([bytes, local]) =>
      code(get(this.env), i32Const(bytes), i32.mul, set(local))
    );
  }

  /** Goes on by as many environments as there are lanes. */
  advance(): Code {
    const { count } = this.lanes;
    const next = (local: number, by: number) => code(get(local), i32Const(by), i32.add, set(local));
    return [next(this.env, count), ...[...this.#rows].map(([bytes, local]) => next(local, count * bytes))]
      .flat();
  }

  keep(value: Code, type: Type, into: Growing): Code {
    return this.func.keep(value, type, into);
  }

  float(value: Code, into: Growing): Code {
    return this.func.keep(value, this.lanes.float, into);
  }
}

/**
 * Random numbers of a scenario, from the machine's numbers of [0, 1).
 *
 * @module
 */
import { UserError } from "../../core/mod.ts";
import type { Num, Scalar } from "../language/values.ts";
import { type Expressions, scalar } from "./expressions.ts";

/** Draws, wherever they are allowed. */
export class Draws {
  /** What is running that may not draw. */
  #without: string | undefined;

  constructor(readonly x: Expressions) {}

  /** Runs what takes no draws. */
  without<T>(what: string, run: () => T): T {
    const outer = this.#without;
    this.#without = what;
    const result = run();
    this.#without = outer;
    return result;
  }

  #allowed(): void {
    if (this.#without === undefined) return;
    throw new UserError(
      `draw random numbers before ${this.#without}: each phase takes a fixed number of draws`,
    );
  }

  #unit(): Num {
    this.#allowed();
    return this.x.num(this.x.machine.draw());
  }

  uniform(low: Scalar, high: Scalar): Num {
    const unit = this.#unit();
    if (low === 0 && high === 1) return unit;
    const span = this.x.num(this.x.machine.apply("sub", scalar(high), scalar(low)));
    return unit.mul(span).add(low);
  }

  integer(n: Scalar): Num {
    this.#allowed();
    return this.x.num(this.x.machine.integer(scalar(n)));
  }

  /** Box–Muller; two draws. */
  normal(mean: Scalar, deviation: Scalar): Num {
    const radius = this.x.num(1).sub(this.#unit()).log().mul(-2).sqrt();
    const unit = radius.mul(this.#unit().mul(2 * Math.PI).cos());
    return unit.mul(deviation).add(mean);
  }
}

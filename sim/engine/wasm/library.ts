/**
 * The functions of the scenario language, on lanes. What physics needs at every step is computed in the lanes; the rest
 * is called lane by lane in core's own words, which gives the same bits.
 *
 * @module
 */
import * as core from "../../../core/mod.ts";
import type { Code, Growing } from "./encode.ts";
import { call, code } from "./instructions.ts";
import type { Lanes } from "./lanes.ts";
import * as math32 from "./math32.ts";
import * as math64 from "./math64.ts";
import { append, type Func, get, type ModuleWriter, set } from "./module.ts";
import { END, f32, F64, f64, IF } from "./opcodes.ts";
import { turn } from "./turn.ts";

/** Functions that worlds hand to their modules. */
export const OUTSIDE = {
  exp: core.exp,
  log: core.log,
  sin: core.sin,
  cos: core.cos,
  tan: core.tan,
  tanh: core.tanh,
  pow: core.pow,
  atan2: core.atan2,
} as const;

export type FunctionName = keyof typeof OUTSIDE | "softplus";

/** Where a function's code goes. */
export interface Place {
  readonly func: Func;
  readonly into: Growing;
}

/** Functions that are short enough to stand where they are used. */
const INLINE: ReadonlySet<string> = new Set(["softplus", "sin", "cos"]);

/** Writes each function of the library into a module when it is first called. */
export class Library {
  readonly #imports = new Map<string, number>();
  readonly #functions = new Map<string, Func>();

  constructor(readonly module: ModuleWriter) {
    for (const [name, { length }] of Object.entries(OUTSIDE)) {
      this.#imports.set(name, module.import(name, new Array(length).fill(F64), [F64]));
    }
  }

  /** A function's value in every lane. */
  call(l: Lanes, name: FunctionName, args: readonly Code[], place: Place): Code {
    if (INLINE.has(name)) {
      return this.#body(l, name, place, args.map((arg) => place.func.keep(arg, l.float, place.into)));
    }
    return code(...args, call(this.#function(l, name).index));
  }

  #function(l: Lanes, name: FunctionName): Func {
    const key = `${name} ${l.count} ${l.size}`;
    let func = this.#functions.get(key);
    if (func === undefined) {
      const params = name === "softplus" ? 1 : OUTSIDE[name].length;
      func = this.module.define(new Array(params).fill(l.float), [l.float]);
      this.#functions.set(key, func);
      const args = Array.from({ length: params }, (_, i) => get(i));
      append(func.body, this.#body(l, name, { func, into: func.body }, args));
    }
    return func;
  }

  #body(l: Lanes, name: FunctionName, place: Place, args: readonly Code[]): Code {
    const [x] = args as [Code];
    if (name === "softplus") return l.size === 8 ? softplus64(l, place, x) : softplus32(l, place, x);
    if (name === "exp") return l.size === 8 ? this.#exp64(l, place, x) : exp32(l, place, x);
    if (name === "sin" || name === "cos") {
      return turn(l, place, name, x, () => this.#laneByLane(l, name, args));
    }
    return this.#laneByLane(l, name, args);
  }

  #exp64(l: Lanes, place: Place, x: Code): Code {
    const usual = place.func.keep(l.and(l.le(l.number(-708), x), l.le(x, l.number(709))), l.mask, place.into);
    const keep = keeper(l, place);
    const value = keep(math64.exp(l, keep, x));
    return rarely(l, place, {
      usual: value,
      when: l.not(usual),
      then: () => l.select(usual, value, this.#laneByLane(l, "exp", [x])),
    });
  }

  #laneByLane(l: Lanes, name: string, args: readonly Code[]): Code {
    const [widen, narrow] = l.size === 4 ? [f64.promote, f32.demote] : [[], []];
    let result = l.number(0);
    for (let lane = 0; lane < l.count; lane++) {
      const own = args.map((arg) => code(l.floatOf(arg, lane), widen));
      result = l.withFloat(result, lane, code(...own, call(this.#imports.get(name)!), narrow));
    }
    return result;
  }
}

function keeper(l: Lanes, { func, into }: Place): math64.Keep {
  return (value) => func.keep(value, l.float, into);
}

/** The usual value, or another where some lane asks for it. */
function rarely(
  l: Lanes,
  { func, into }: Place,
  { usual, when, then }: { usual: Code; when: Code; then: () => Code },
): Code {
  const result = func.local(l.float);
  append(into, code(usual, set(result), l.any(when), IF));
  append(into, code(then(), set(result), END));
  return get(result);
}

/** log(1 + e^x) as core's `softplus`: log only where e^−|x| does not vanish beside 1, or x beside it. */
function softplus64(l: Lanes, place: Place, x: Code): Code {
  const keep = keeper(l, place);
  const size = keep(l.abs(x));
  const parts = math64.exponential(l, keep, l.neg(size));
  const small = l.unless(l.lt(x, l.number(-708)), l.mul(l.add(parts.one, parts.rest), parts.power));
  const far = keep(l.select(l.lt(l.number(37.5), x), x, small));
  const near = place.func.keep(l.le(size, l.number(37.5)), l.mask, place.into);
  return rarely(l, place, {
    usual: far,
    when: near,
    then: () => l.select(near, math64.softplusNear(l, keep, x, parts), far),
  });
}

/** The same in floats; 0 below −87, and log(1 + e) rounds to e beyond |x| = 17.4. */
function softplus32(l: Lanes, place: Place, x: Code): Code {
  const keep = keeper(l, place);
  const size = keep(l.abs(x));
  const y = keep(math32.exp(l, keep, l.max(l.neg(size), l.number(-87))));
  const small = l.unless(l.lt(x, l.number(-87)), y);
  const far = keep(l.select(l.lt(l.number(17.4), x), x, small));
  const near = place.func.keep(l.le(size, l.number(17.4)), l.mask, place.into);
  return rarely(l, place, {
    usual: far,
    when: near,
    then: () => l.select(near, l.add(l.max(x, l.number(0)), math32.log1p01(l, keep, y)), far),
  });
}

/** e^x in floats: 0 below −87, Infinity above 88. */
function exp32(l: Lanes, place: Place, x: Code): Code {
  const keep = keeper(l, place);
  const value = math32.exp(l, keep, keep(l.max(l.min(x, l.number(88)), l.number(-87))));
  const low = l.unless(l.lt(x, l.number(-87)), value);
  return l.select(l.lt(l.number(88), x), l.number(Infinity), low);
}

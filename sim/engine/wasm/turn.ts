/**
 * Sine and cosine in every lane: nothing is reduced where no lane needs it, and core is called for angles beyond what
 * lanes reduce.
 *
 * @module
 */
import type { Code, Growing } from "./encode.ts";
import { code } from "./instructions.ts";
import type { Lanes } from "./lanes.ts";
import { append, type Func, get, set } from "./module.ts";
import { ELSE, END, IF } from "./opcodes.ts";
import * as trig32 from "./trig32.ts";
import * as trig64 from "./trig64.ts";

/** Nearer to 0 than this the sine is the angle itself, -0 included: 2^-27. */
const TINY = 7.450580596923828e-9;

/**
 * @param into where the code goes, in `func`
 * @param x code that reads an angle
 * @param beyond the same function by core, lane by lane
 */
export function turn(
  l: Lanes,
  { func, into }: { readonly func: Func; readonly into: Growing },
  name: "sin" | "cos",
  x: Code,
  beyond: () => Code,
): Code {
  const of = l.size === 8 ? trig64 : trig32;
  const keep = (value: Code) => func.keep(value, l.float, into);
  const write = (...parts: Code[]) => append(into, code(...parts));
  const sine = name === "sin";
  const result = func.local(l.float);
  const size = keep(l.abs(x));
  write(l.any(l.not(l.le(size, l.number(trig64.SMALL)))), IF);

  const { exact, quarters, r, low } = of.reduce(l, keep, x);
  const well = func.keep(exact, l.mask, into);
  const turns = sine ? quarters : keep(l.add(quarters, l.number(1)));
  const turned = keep(of.turned(l, keep, { r, low, quarters: turns }));
  write(sine ? l.select(l.lt(size, l.number(TINY)), x, turned) : turned, set(result));
  write(l.any(l.not(well)), IF);
  write(l.select(well, get(result), beyond()), set(result), END);

  write(ELSE);
  const small = keep(sine ? of.sinSmall(l, keep, x) : of.cosSmall(l, keep, x));
  write(sine ? l.select(l.lt(size, l.number(TINY)), x, small) : small, set(result), END);
  return get(result);
}

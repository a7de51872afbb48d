/**
 * The common ground: exact math, random streams, hashing, settings, shape checks. Same input, same bits, on
 * every JavaScript engine.
 *
 * @module
 */
export { UsageError, UserError } from "./errors.ts";
export { type Hasher, hasher } from "./hash.ts";
export { exp, expm1 } from "./math/exp.ts";
export { expNeg, log1p01, softplus } from "./math/kernels.ts";
export { log, log1p } from "./math/log.ts";
export { atan2 } from "./math/atan.ts";
export { hypot } from "./math/hypot.ts";
export { pow } from "./math/pow.ts";
export { tanh } from "./math/tanh.ts";
export { cos, sin, tan } from "./math/trig.ts";
export {
  categorical,
  fillGumbel,
  fillNormal,
  fillUniform,
  fork,
  integer,
  normal,
  permutation,
  seed,
  shuffle,
  type Stream,
  uniform,
} from "./random.ts";
export { settings } from "./settings.ts";
export { shape } from "./shape.ts";
export { suggest } from "./suggest.ts";
export { threefry2x32 } from "./threefry.ts";

/**
 * Realism: params that each environment draws at its reset, sensors and actuators with flaws, and curricula.
 *
 * @module
 */
export type { Distribution, Drawn, Staged } from "./distribution.ts";
export { paramsOf } from "./given.ts";
export {
  actuationDelay,
  flaws,
  isFlaw,
  observationDelay,
  sensorNoise,
  type Transform,
} from "./transforms.ts";
export {
  type Curriculum,
  curriculum,
  type CurriculumOptions,
  type CurriculumState,
  type Move,
} from "./curriculum.ts";

/**
 * What every backend offers a world.
 *
 * @module
 */

/** A world's phases. */
export interface Engine {
  /**
   * One step of every environment, which ends episodes through `finish` and observes the others.
   *
   * @param held 1 for environments that may be left out: what becomes of them is undone
   */
  advance(held?: Uint8Array): void;
  /** Runs the scenario's reset in one environment, on zeroed state. */
  reset(env: number): void;
  /** Writes what one environment's state looks like. */
  observe(env: number): void;
  /** Brings what is not in columns in line with them, after they were changed from outside. */
  restored?(env: number): void;
  /** Whether some action may lie outside its space; where it is missing, any may. */
  suspicious?(): boolean;
}

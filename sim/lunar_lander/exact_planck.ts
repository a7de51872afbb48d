/**
 * planck, which is Box2D, computing with core's functions, so that it gives the same bits on every engine. The three
 * imports are in the order in which they must run.
 *
 * @module
 */
import "./lend_math.ts";
import { type Body, Box, Edge, Polygon, RevoluteJoint, Rot, World } from "planck";
import "./return_math.ts";
import { cos, sin, UserError } from "../../core/mod.ts";

export { type Body, Box, Edge, Polygon, RevoluteJoint, World };

/** Angles to compare at: engines' functions differ from core's at several in a hundred. */
const ANGLES = 256;

/** @throws UserError where planck was loaded before Paddock, and took other functions */
export function requireExact(): void {
  for (let i = 1; i <= ANGLES; i++) {
    const angle = 0.0371 * i;
    const turn = new Rot(angle);
    if (turn.s === sin(angle) && turn.c === cos(angle)) continue;
    throw new UserError(
      "planck was loaded before Paddock and computes with this engine's sin and cos: import Paddock before planck",
    );
  }
}

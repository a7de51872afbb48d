/**
 * Gives the engine its functions back, which `lend_math.ts` took: a module, so that it runs as soon as planck has loaded.
 *
 * @module
 */
import { returnMath } from "./lend_math.ts";

returnMath();

/**
 * The MPE of 2017, for comparison with numbers that were published with it.
 *
 * @module
 */
import * as z from "zod";

/**
 * The param of scenarios that have such a variant. It differs in the integrator, in what is added up, and where a
 * scenario says so; continuous actions keep the directions of MPE2.
 *
 * Source   github.com/openai/multiagent-particle-envs, `core.py`, `environment.py`, `scenarios/`
 */
export const legacyOpenAI = z.boolean().default(false).describe("physics and sums of OpenAI's MPE of 2017");

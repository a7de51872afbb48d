/**
 * The loop over agents to act.
 *
 * @module
 */
import { UserError } from "../../core/mod.ts";
import type { AecEnv } from "./types.ts";

/**
 * @param moves grows with each step and reset
 * @throws UserError when a round of the loop did neither: it would go on forever
 */
export function* iterate(
  env: () => Pick<AecEnv<unknown>, "agents" | "agentSelection">,
  moves: () => number,
  maxIter: number,
): Iterable<string> {
  for (let i = 0; i < maxIter && env().agents.length > 0; i++) {
    const before = moves();
    yield env().agentSelection;
    if (moves() !== before) continue;
    throw new UserError("agentIter: call step() or reset() once in each round of the loop");
  }
}

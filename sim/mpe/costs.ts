/**
 * Cost channels that several MPE scenarios share. MPE's rewards know nothing of them.
 *
 * @module
 */
import type { Entity, KernelBase } from "../language/kernel.ts";

/** Leaving the square [-1, 1]² in which everything starts. */
export const outside = {
  scope: "agent",
  summary: "an agent out of the square [-1, 1]², per step",
  of: (k: KernelBase, agent: Entity) => k.outside(agent.pos, 1),
} as const;

/** Touching a team mate: the members of a group that count as one team. */
export const collision = {
  scope: "pair",
  summary: "a pair of team mates that touch, per step",
  of: (k: KernelBase, a: Entity, b: Entity) => a.group === b.group ? k.overlap(a, b) : 0,
} as const;

/**
 * Actions at the door: is this one in its space, and legal?
 *
 * @module
 */
import { UserError } from "../../core/mod.ts";
import { type Action, type ActionSpace, type BoxSpace, type DiscreteSpace, isVector } from "./spaces.ts";
import type { AecEnv, ParallelEnv, ResetResult } from "./types.ts";

/**
 * @param mask 1 where a discrete action is legal
 * @throws UserError naming agent, value and cure
 */
export function checkAction(
  agent: string,
  action: unknown,
  space: ActionSpace,
  mask?: ArrayLike<number>,
): asserts action is Action {
  if (action === undefined) {
    throw new UserError(`step: no action for ${agent}. step() takes one action for each agent in env.agents`);
  }
  if (action === null) {
    throw new UserError(
      `step, ${agent}: found null, and ${agent} is in play: give it an action of its space`,
    );
  }
  if (space.kind === "box") checkVector(agent, action, space);
  else checkChoice(agent, action, space, mask);
}

function checkChoice(agent: string, action: unknown, { n }: DiscreteSpace, mask?: ArrayLike<number>): void {
  if (typeof action !== "number" || !Number.isInteger(action) || action < 0 || action >= n) {
    throw new UserError(`step, ${agent}: expected a whole number from 0 to ${n - 1}, found ${show(action)}`);
  }
  if (mask === undefined || mask[action] === 1) return;
  const legal = Array.from({ length: n }, (_, a) => a).filter((a) => mask[a] === 1);
  const cure = legal.length === 0 ? "none is legal now" : `choose one of ${legal.join(", ")}`;
  throw new UserError(`step, ${agent}: action ${action} is forbidden by its mask: ${cure}`);
}

function checkVector(agent: string, action: unknown, { low, high, clips }: BoxSpace): void {
  if (!isVector(action) || action.length !== low.length) {
    throw new UserError(`step, ${agent}: expected ${low.length} numbers, found ${show(action)}`);
  }
  for (let i = 0; i < low.length; i++) {
    const value = action[i]!;
    if (clips ? Number.isFinite(value) : value >= low[i]! && value <= high[i]!) continue;
    const range = clips ? "finite numbers" : `numbers from ${low[i]} to ${high[i]}`;
    throw new UserError(`step, ${agent}: expected ${range}, found ${value} at index ${i}`);
  }
}

function show(value: unknown): string {
  if (Array.isArray(value) || ArrayBuffer.isView(value)) {
    return `[${Array.from(value as Uint8Array).join(", ")}]`;
  }
  return typeof value === "string" ? `"${value}"` : String(value);
}

/** The legal actions an agent was shown: in its info, or in an observation with `actionMask` in it. */
export function maskOf(
  observation: unknown,
  info: { actionMask?: Uint8Array } | undefined,
): Uint8Array | undefined {
  if (info?.actionMask !== undefined) return info.actionMask;
  if (typeof observation !== "object" || observation === null || !("actionMask" in observation)) {
    return undefined;
  }
  return observation.actionMask as Uint8Array;
}

/** A draw from each acting agent's space, masked where a mask is shown. */
export function sampleActions<O>(
  env: ParallelEnv<O>,
  { observations, infos }: ResetResult<O>,
): Record<string, Action> {
  return Object.fromEntries(env.agents.map((agent) => {
    return [agent, sampleAction(env.actionSpace(agent), maskOf(observations[agent], infos[agent]))];
  }));
}

/** A draw for the agent to act; null if it is finished. */
export function sampleNext<O>(env: AecEnv<O>): Action | null {
  const { observation, info, termination, truncation } = env.last();
  if (termination || truncation) return null;
  return sampleAction(env.actionSpace(env.agentSelection), maskOf(observation, info));
}

/** Where nothing is legal the agent only waits, and any action will do. */
function sampleAction(space: ActionSpace, mask: Uint8Array | undefined): Action {
  return mask === undefined || mask.includes(1) ? space.sample(mask) : space.sample();
}

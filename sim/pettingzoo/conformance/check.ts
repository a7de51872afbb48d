/**
 * How the conformance tests say what is wrong, and what to do about it.
 *
 * @module
 */
import type { AnyEnv } from "../types.ts";

/** @throws Error with `message`, which tells the cure */
export function check(holds: boolean, message: string): asserts holds {
  if (!holds) throw new Error(message);
}

/** The keys of `found` are the agents or channels expected, in any order. */
export function checkKeys(name: string, found: unknown, expected: readonly string[], cure: string): void {
  check(typeof found === "object" && found !== null, `${name}: expected an object, found ${found}: ${cure}`);
  const keys = Object.keys(found);
  const wrong = keys.find((key) => !expected.includes(key)) ?? expected.find((key) => !keys.includes(key));
  check(
    wrong === undefined,
    `${name}: expected the keys ${expected.join(", ") || "of nobody"}, found ${
      keys.join(", ") || "none"
    }: ${cure}`,
  );
}

/** `agents` and the numbers that count them. */
export function checkAgents(env: AnyEnv): void {
  const { agents, numAgents, possibleAgents, maxNumAgents } = env;
  check(
    possibleAgents.length > 0 && maxNumAgents === possibleAgents.length,
    `maxNumAgents is ${maxNumAgents}, and possibleAgents are ${possibleAgents.length}: list every agent that may ` +
      "appear in possibleAgents, and let maxNumAgents be its length",
  );
  check(
    numAgents === agents.length,
    `numAgents is ${numAgents}, and agents are ${agents.length}: let numAgents be the length of agents`,
  );
  const stranger = agents.find((agent) => !possibleAgents.includes(agent));
  check(stranger === undefined, `${stranger} is in agents and not in possibleAgents: list it there`);
  check(new Set(agents).size === agents.length, `agents has an agent twice: ${agents.join(", ")}`);
}

/** Finite rewards, boolean flags. */
export function checkOutcome(
  agent: string,
  reward: unknown,
  termination: unknown,
  truncation: unknown,
): void {
  check(
    typeof reward === "number" && Number.isFinite(reward),
    `the reward of ${agent} is ${reward}: rewards are finite numbers`,
  );
  for (const [name, flag] of Object.entries({ termination, truncation })) {
    check(typeof flag === "boolean", `the ${name} of ${agent} is ${flag}: it is true or false, nothing else`);
  }
}

/** Where two values first differ, as a path with both values; undefined where they are equal to the bit. */
export function difference(a: unknown, b: unknown, path = ""): string | undefined {
  if (Object.is(a, b)) return undefined;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) {
    return `${path || "the value"} is ${a} in one and ${b} in the other`;
  }
  const [one, other] = [a as Record<string, unknown>, b as Record<string, unknown>];
  for (const key of new Set([...Object.keys(one), ...Object.keys(other)])) {
    const found = difference(one[key], other[key], path === "" ? key : `${path}.${key}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** @throws Error naming where `a` and `b` differ */
export function checkSame(when: string, a: unknown, b: unknown, cure: string): void {
  const found = difference(a, b);
  check(found === undefined, `${when}: ${found}: ${cure}`);
}

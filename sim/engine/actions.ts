/**
 * Checks actions at the door of a step: one pass, no allocation.
 *
 * @module
 */
import { UserError } from "../../core/mod.ts";
import type { Space, WorldSpec } from "../types.ts";

/** The largest float32. */
const LARGEST = 3.4028234663852886e38;

/** A check that throws for the first action outside its space, or forbidden by its mask. */
export function actionCheck(
  spec: WorldSpec,
  actions: Int32Array | Float32Array,
  mask: Uint8Array | undefined,
  alive: Uint8Array,
  turn: Int32Array,
): () => void {
  const spaces = spec.groups.flatMap(({ members, action }) => members.map(() => action));
  return actions instanceof Int32Array
    ? discreteCheck(spec, actions, mask, alive, turn)
    : continuousCheck(spec, spaces, actions);
}

function discreteCheck(
  spec: WorldSpec,
  actions: Int32Array,
  mask: Uint8Array | undefined,
  alive: Uint8Array,
  turn: Int32Array,
): () => void {
  const { E, N, A } = spec;
  const sizes = Uint32Array.from(spec.actionSizes);
  const one = spec.actionSizes.every((size) => size === A) ? A : 0;

  function refuse(row: number): never {
    const agent = row % N;
    const range = `a whole number from 0 to ${sizes[agent]! - 1}`;
    const why = mask !== undefined && actions[row]! >>> 0 < sizes[agent]!
      ? `action ${actions[row]} is forbidden by its mask: choose one where mask is 1`
      : `expected ${range}, found ${actions[row]}`;
    throw new UserError(`${at(spec, row)}: ${why}`);
  }

  function checkMask(): void {
    for (let row = 0; row < E * N; row++) {
      if (alive[row] === 0 || mask![row * A + actions[row]!] === 1) continue;
      const mover = turn[Math.floor(row / N)]!;
      if (mover < 0 || mover === row % N) refuse(row);
    }
  }

  return () => {
    if (one > 0) {
      for (let row = 0; row < E * N; row++) if (actions[row]! >>> 0 >= one) refuse(row);
    } else {
      for (let row = 0; row < E * N; row++) if (actions[row]! >>> 0 >= sizes[row % N]!) refuse(row);
    }
    if (mask !== undefined) checkMask();
  };
}

function continuousCheck(spec: WorldSpec, spaces: readonly Space[], actions: Float32Array): () => void {
  const { E, N, A } = spec;
  const bounds = (end: "low" | "high") => {
    return Float32Array.from(spaces.flatMap((space) => {
      return Array.from({ length: A }, (_, i) => {
        if (space.kind !== "box" || i >= space.shape[0]) return end === "low" ? -Infinity : Infinity;
        if (space.clips) return end === "low" ? -LARGEST : LARGEST;
        return space[end];
      });
    }));
  };
  const low = bounds("low");
  const high = bounds("high");
  const width = N * A;

  return () => {
    let j = 0;
    for (let i = 0; i < E * width; i++) {
      const x = actions[i]!;
      if (!(x >= low[j]! && x <= high[j]!) && !(i % A >= spec.actionSizes[Math.floor(j / A)]!)) {
        const range = high[j] === LARGEST ? "a finite number" : `a number from ${low[j]} to ${high[j]}`;
        throw new UserError(
          `${at(spec, Math.floor(i / A))}, action component ${i % A}: expected ${range}, found ${x}`,
        );
      }
      if (++j === width) j = 0;
    }
  };
}

/** Names the agent, and its environment where there are several. */
function at(spec: WorldSpec, row: number): string {
  const agent = spec.agents[row % spec.N]!;
  return spec.E === 1 ? agent : `${agent} of environment ${Math.floor(row / spec.N)}`;
}

/**
 * What MPE's pictures show beside the particles.
 *
 * @module
 */
import type { Shape, World } from "../types.ts";

function row(world: World, column: string, env: number): Float64Array | Float32Array {
  const { data, width } = world.columns[column]!;
  return data.subarray(env * width, (env + 1) * width);
}

/** A mark on each landmark that is a goal; landmarks come right after the agents. */
export function goals(world: World, env: number): Shape[] {
  const pos = row(world, "pos", env);
  return Array.from(row(world, "goal", env), (goal): Shape => {
    const at = 2 * (world.spec.N + goal);
    return { kind: "ring", x: pos[at]!, y: pos[at + 1]!, r: 0.12, color: "#26a626", label: "goal" };
  });
}

/** `speaker_0: B`, one after another; `_` for one who says nothing, numbers where what is said is no symbol. */
export function speech(speakers: readonly string[]): (world: World, env: number) => string {
  return (world, env) => {
    const said = row(world, "said", env);
    const size = said.length / speakers.length;
    return speakers.map((name, i) => `${name}: ${word(said.subarray(i * size, (i + 1) * size))}`).join("   ");
  };
}

function word(said: ArrayLike<number>): string {
  const parts = Array.from(said);
  if (parts.every((part) => part === 0)) return "_";
  const symbol = parts.indexOf(1);
  if (symbol >= 0 && parts.every((part, i) => part === (i === symbol ? 1 : 0))) {
    return String.fromCharCode(65 + symbol);
  }
  return `[${parts.map((part) => part.toFixed(2)).join(", ")}]`;
}

/**
 * What to draw of a world now: its particles where they stand, and the marks that the scenario's view adds.
 *
 * @module
 */
import { given, type Scenario, type View } from "./language/scenario.ts";
import { type GroupDeclaration, groupsOf } from "./language/world.ts";
import type { Frame, Shape, World } from "./types.ts";

const DEFAULT_VIEW: View = { camera: [-1, 1] };

/**
 * One picture of environment `env`: the view's zones at the bottom, then things, then the agents that still act, then
 * the shapes that the view itself draws.
 * Agents and things that push are discs; things without contact, such as goals, are rings.
 */
export function frame(scenario: Scenario, world: World, env: number): Frame {
  const { params } = world.spec;
  const view = given(scenario.view ?? DEFAULT_VIEW, params);
  const [xmin, xmax, ymin = xmin, ymax = xmax] = view.camera;
  return {
    camera: [xmin, xmax, ymin, ymax],
    shapes: [...view.zones ?? [], ...particlesOf(scenario, world, env), ...view.shapes?.(world, env) ?? []],
    caption: view.caption?.(world, env) ?? "",
  };
}

/** Column `pos` holds agents first, then every other set, in the order of the world's declaration. */
function particlesOf(scenario: Scenario, world: World, env: number): Shape[] {
  const { alive, columns: { pos }, spec: { N, params } } = world;
  if (pos === undefined || !("world" in scenario)) return [];
  const { agents, ...things } = scenario.world(params).sets;
  const row = pos.data.subarray(env * pos.width, (env + 1) * pos.width);
  const all = [agents, ...Object.values(things)].flatMap(groupsOf).flatMap(members);
  const shapes = all.map(({ size, collide, color }, i): Shape => {
    const place = { x: row[2 * i]!, y: row[2 * i + 1]!, r: size, color };
    return i < N ? { kind: "disc", ...place, agent: i } : { kind: collide ? "disc" : "ring", ...place };
  });
  return [...shapes.slice(N), ...shapes.slice(0, N).filter((_, n) => alive[env * N + n] === 1)];
}

function members({ count, size, collide, color }: GroupDeclaration) {
  return Array.from({ length: count }, (_, i) => {
    return { size, collide, color: typeof color === "string" ? color : color[i % color.length]! };
  });
}

/**
 * What is seen of LunarLander: the moon, the pad between its flags, the lander on its legs, and its flames.
 *
 * @module
 */
import { cos, sin } from "../../core/mod.ts";
import type { Shape, World } from "../types.ts";
import { HULL, LEG } from "./craft.ts";
import { DRAWN, PAD, pointX, SCALE, surface } from "./terrain.ts";

const MOON = "#868e96";
const EDGE = "#495057";
const PAINT = "#7048e8";
const LEGS = "#5f3dc4";
const POLE = "#868e96";
const FLAG = "#fab005";
const FLAME = "#fd7e14";
const POLE_HEIGHT = 50 / SCALE;
/** Strokes by which the ground between two points is filled, and a hull. */
const STROKES = 8;
const HULL_STROKES = 4;

/** A body's place and angle. */
type Pose = readonly [x: number, y: number, angle: number];
type Point = readonly [x: number, y: number];

export function shapes({ columns }: World, env: number): Shape[] {
  const row = (name: string) => {
    const { data, width } = columns[name]!;
    return [...data.subarray(env * width, (env + 1) * width)];
  };
  const pose = row("pose");
  const [hull, ...legs] = [0, 3, 6].map((i): Pose => [pose[i]!, pose[i + 1]!, pose[i + 2]!]);
  const [main, side] = row("thrust");
  return [
    ...moon(row("terrain").slice(0, DRAWN)),
    ...[PAD.left, PAD.right].flatMap(flag),
    ...legs.map(leg),
    ...flames(hull!, main!, side!),
    ...body(hull!),
  ];
}

function line([x, y]: Point, [x2, y2]: Point, r: number, color: string): Shape {
  return { kind: "line", x, y, r, x2, y2, color };
}

/** A point of a body. */
function at([x, y, angle]: Pose, px: number, py: number): Point {
  const [s, c] = [sin(angle), cos(angle)];
  return [x + c * px - s * py, y + s * px + c * py];
}

function moon(drawn: readonly number[]): Shape[] {
  const heights = surface(drawn);
  return heights.slice(1).flatMap((height, i) => {
    const [left, right, before] = [pointX(i), pointX(i + 1), heights[i]!];
    const wide = (right - left) / STROKES;
    const fill = Array.from({ length: STROKES }, (_, k) => {
      const share = (k + 0.5) / STROKES;
      const x = left + share * (right - left);
      const top = Math.max(0, before + share * (height - before) - wide / 2);
      return line([x, 0], [x, top], wide / 2 + 0.01, MOON);
    });
    return [...fill, line([left, before], [right, height], 0.05, EDGE)];
  });
}

function flag(x: number): Shape[] {
  const top = PAD.y + POLE_HEIGHT;
  const tip: Point = [x + 25 / SCALE, top - 5 / SCALE];
  const cloth = [0, 2, 4, 6, 8, 10].map((y) => line([x, top - y / SCALE], tip, 0.03, FLAG));
  return [line([x, PAD.y], [x, top], 0.03, POLE), ...cloth];
}

function leg(pose: Pose): Shape {
  const reach = LEG.length - LEG.width;
  return line(at(pose, 0, -reach), at(pose, 0, reach), LEG.width, LEGS);
}

/** The outline and, within it, strokes from side to side; the disc is the agent's. */
function body(pose: Pose): Shape[] {
  const corners = HULL.map(({ x, y }) => at(pose, x, y));
  const outline = corners.map((corner, i) => line(corner, corners[(i + 1) % corners.length]!, 0.04, PAINT));
  const [bottom, shoulder, top] = [-10 / SCALE, 0, 17 / SCALE];
  const fill = Array.from({ length: HULL_STROKES }, (_, k) => {
    const y = bottom + (top - bottom) * (k + 0.5) / HULL_STROKES;
    const half = (17 - 3 * Math.max(0, (y - shoulder) / (top - shoulder))) / SCALE - 0.1;
    return line(at(pose, -half, y), at(pose, half, y), 0.12, PAINT);
  });
  const [x, y] = at(pose, 0, 0.1);
  return [...fill, ...outline, { kind: "disc", x, y, r: 0.16, color: "#d0bfff", agent: 0 }];
}

/** What burns in the step before. */
function flames(pose: Pose, main: number, side: number): Shape[] {
  const below = -10 / SCALE;
  const down = main > 0 ? [line(at(pose, 0, below), at(pose, 0, below - 0.7 * main), 0.1, FLAME)] : [];
  if (side === 0) return down;
  const away = 17 / SCALE * (side > 0 ? 1 : -1);
  return [...down, line(at(pose, away, 0.25), at(pose, away + 0.4 * side, 0.25), 0.05, FLAME)];
}

export function caption({ columns }: World, env: number): string {
  const touch = columns["touch"]!.data.subarray(2 * env, 2 * env + 2);
  const [vx, vy] = columns["motion"]!.data.subarray(3 * env, 3 * env + 2);
  const speed = Math.sqrt(vx! * vx! + vy! * vy!).toFixed(1);
  return `${speed} m/s${
    touch[0]! + touch[1]! > 0 ? `, ${touch[0]! + touch[1]!} of 2 legs on the ground` : ""
  }`;
}

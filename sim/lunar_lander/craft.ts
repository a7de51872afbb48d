/**
 * The lander, its legs and the ground under them as bodies.
 *
 * @module
 */
import { type Body, Box, Edge, Polygon, type World } from "./exact_planck.ts";
import { Spring } from "./spring.ts";
import { hasten } from "./swift.ts";
import { HEIGHT, pointX, SCALE, surface, WIDTH } from "./terrain.ts";

/** Corners of the hull, m from the body's origin. */
export const HULL = [[-14, 17], [-17, 0], [-17, -10], [17, -10], [17, 0], [14, 17]].map(([x, y]) => ({
  x: x! / SCALE,
  y: y! / SCALE,
}));
/** Half of a leg's width and length, m. */
export const LEG = { width: 2 / SCALE, length: 8 / SCALE } as const;
/** From the hull's origin to a leg's, m. */
export const LEG_AWAY = 20 / SCALE;
export const LEG_DOWN = 18 / SCALE;
/** Torque of the motor that presses a leg outwards, N m, and its speed, rad/s. */
const SPRING = 40;
const SPRING_SPEED = 0.3;
/** Within what a leg turns, rad: from 0.4 to 0.9 to its own side. */
const [LEAST_TURN, MOST_TURN] = [0.9 - 0.5, 0.9] as const;
/** Of a leg at the start, rad. */
const LEG_ANGLE = 0.05;
/** Friction of what the original gives none. */
const DEFAULT_FRICTION = 0.2;
const FRICTION = 0.1;

/** Bodies collide with the ground alone. */
const GROUND = 1;
const HULL_CATEGORY = 0x10;
const LEG_CATEGORY = 0x20;

/** The bodies that move. */
export interface Craft {
  readonly hull: Body;
  /** Right one first: its side is −1 in the original. */
  readonly legs: readonly [Body, Body];
}

/** Puts a floor along the bottom and the terrain of these drawn heights into a world. */
export function addGround(world: World, drawn: ArrayLike<number>): void {
  const ground = world.createBody();
  ground.createFixture({
    shape: new Edge({ x: 0, y: 0 }, { x: WIDTH, y: 0 }),
    friction: DEFAULT_FRICTION,
  });
  const heights = surface(drawn);
  for (let i = 1; i < heights.length; i++) {
    const [from, to] = [i - 1, i].map((k) => ({ x: pointX(k), y: heights[k]! }));
    ground.createFixture({ shape: new Edge(from!, to!), density: 0, friction: FRICTION });
  }
}

/**
 * From where the joints of the legs measure their angle: from how the legs are built, as Box2D's Python package and so
 * Gymnasium does, or from 0, as Box2D itself does where nobody says.
 */
export type Hinge = "gymnasium" | "box2d";

/** Puts the hull at the top in the middle, pushed for one step by a force in N, and its legs. */
export function addCraft(
  world: World,
  force: { readonly x: number; readonly y: number },
  hinge: Hinge,
): Craft {
  const hull = world.createBody({ type: "dynamic", position: { x: WIDTH / 2, y: HEIGHT } });
  hull.createFixture({
    shape: new Polygon(HULL),
    density: 5,
    friction: FRICTION,
    restitution: 0,
    filterCategoryBits: HULL_CATEGORY,
    filterMaskBits: GROUND,
  });
  hasten(hull);
  hull.applyForceToCenter(force, true);
  return { hull, legs: [addLeg(world, hull, -1, hinge), addLeg(world, hull, 1, hinge)] };
}

function addLeg(world: World, hull: Body, side: -1 | 1, hinge: Hinge): Body {
  const leg = world.createBody({
    type: "dynamic",
    position: { x: WIDTH / 2 - side * LEG_AWAY, y: HEIGHT },
    angle: side * LEG_ANGLE,
  });
  leg.createFixture({
    shape: new Box(LEG.width, LEG.length),
    density: 1,
    friction: DEFAULT_FRICTION,
    restitution: 0,
    filterCategoryBits: LEG_CATEGORY,
    filterMaskBits: GROUND,
  });
  hasten(leg);
  world.createJoint(
    new Spring({
      bodyA: hull,
      bodyB: leg,
      localAnchorA: { x: 0, y: 0 },
      localAnchorB: { x: side * LEG_AWAY, y: LEG_DOWN },
      referenceAngle: hinge === "gymnasium" ? side * LEG_ANGLE : 0,
      enableMotor: true,
      enableLimit: true,
      maxMotorTorque: SPRING,
      motorSpeed: SPRING_SPEED * side,
      lowerAngle: side === -1 ? LEAST_TURN : -MOST_TURN,
      upperAngle: side === -1 ? MOST_TURN : -LEAST_TURN,
    }),
  );
  return leg;
}

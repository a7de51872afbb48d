/**
 * A flight from the top of the picture to the ground: one physics world, its craft, and what a step earns.
 *
 * @module
 */
import { addCraft, addGround, type Craft, type Hinge, LEG_DOWN } from "./craft.ts";
import { burn, gust, type Thrust } from "./engines.ts";
import { type Body, World } from "./exact_planck.ts";
import { solveIslandsFast } from "./island.ts";
import { seekImpactsNear } from "./swift.ts";
import { HEIGHT, PAD, WIDTH } from "./terrain.ts";

/** Steps per second. */
export const FPS = 50;
/** Iterations of the solver for velocities and positions: the original's, or a third of them. */
export const ITERATIONS = { gym: [180, 60], fast: [60, 20] } as const;
/** Numbers in an observation. */
export const OBSERVED = 8;

/** Price of a step at full power. */
const MAIN_PRICE = 0.3;
const SIDE_PRICE = 0.03;
const CRASH = -100;
const LANDED = 100;
const TOUCH = 10;

/** What may differ between worlds. */
export interface Weather {
  /** m/s² upwards. */
  readonly gravity: number;
  readonly enableWind: boolean;
  /** Most force of the wind, N, and most torque, N m. */
  readonly windPower: number;
  readonly turbulencePower: number;
  readonly fidelity: keyof typeof ITERATIONS;
  readonly hinge: Hinge;
}

/** How a flight begins. */
export interface Start {
  /** Drawn heights. */
  readonly terrain: ArrayLike<number>;
  /** N on the hull, for one step. */
  readonly force: ArrayLike<number>;
  /** Where the patterns of wind and torque begin. */
  readonly wind: ArrayLike<number>;
}

export interface Flight {
  readonly weather: Weather;
  world: World;
  craft: Craft;
  /** Where the patterns of wind and torque are. */
  wind: number;
  torque: number;
  crashed: boolean;
  /** Whether a leg touches the ground, in the order of the craft. */
  readonly touch: [boolean, boolean];
  shaping: number;
  /** Of the last step. */
  reward: number;
  ended: boolean;
  readonly obs: Float64Array;
}

const IDLE: Thrust = { main: 0, side: 0 };

/** A flight that waits for `begin`. */
export function flight(weather: Weather): Flight {
  const world = new World();
  const craft = addCraft(world, { x: 0, y: 0 }, weather.hinge);
  return {
    weather,
    world,
    craft,
    wind: 0,
    torque: 0,
    crashed: false,
    touch: [false, false],
    shaping: 0,
    reward: 0,
    ended: false,
    obs: new Float64Array(OBSERVED),
  };
}

/** Begins a flight in a new world, and takes the idle step that the original's reset takes. */
export function begin(it: Flight, { terrain, force, wind }: Start, d0: number, d1: number): void {
  it.world = new World({ gravity: { x: 0, y: it.weather.gravity } });
  solveIslandsFast(it.world);
  seekImpactsNear(it.world);
  addGround(it.world, terrain);
  it.craft = addCraft(it.world, { x: force[0]!, y: force[1]! }, it.weather.hinge);
  [it.wind, it.torque] = [wind[0]!, wind[1]!];
  it.crashed = false;
  it.touch.fill(false);
  listen(it);
  advance(it, IDLE, d0, d1);
}

/** The hull's touch ends the flight; a leg counts as off the ground as soon as it leaves one of its edges. */
function listen(it: Flight): void {
  const { hull, legs } = it.craft;
  const mark = (body: Body, touches: boolean) => {
    if (body === legs[0]) it.touch[0] = touches;
    else if (body === legs[1]) it.touch[1] = touches;
  };
  it.world.on("begin-contact", (contact) => {
    for (const body of [contact.getFixtureA().getBody(), contact.getFixtureB().getBody()]) {
      if (body === hull) it.crashed = true;
      mark(body, true);
    }
  });
  it.world.on("end-contact", (contact) => {
    mark(contact.getFixtureA().getBody(), false);
    mark(contact.getFixtureB().getBody(), false);
  });
}

/** One step of 1/50 s, with two draws from ±1. Writes `reward`, `ended` and `obs`. */
export function advance(it: Flight, thrust: Thrust, d0: number, d1: number): void {
  const { weather, world, craft: { hull }, touch } = it;
  if (weather.enableWind && !touch[0] && !touch[1]) {
    hull.applyForceToCenter({ x: gust(it.wind++) * weather.windPower, y: 0 }, true);
    hull.applyTorque(gust(it.torque++) * weather.turbulencePower, true);
  }
  burn(hull, thrust, d0, d1);
  const [velocities, positions] = ITERATIONS[weather.fidelity];
  world.step(1 / FPS, velocities, positions);
  see(it);

  const before = it.shaping;
  it.shaping = shapingOf(it.obs);
  it.reward = it.shaping - before - MAIN_PRICE * thrust.main - SIDE_PRICE * Math.abs(thrust.side);
  it.ended = it.crashed || Math.abs(it.obs[0]!) >= 1;
  if (it.ended) it.reward = CRASH;
  if (!hull.isAwake()) {
    it.ended = true;
    it.reward = LANDED;
  }
}

function see({ craft: { hull }, touch, obs }: Flight): void {
  const { x, y } = hull.getPosition();
  const velocity = hull.getLinearVelocity();
  obs[0] = (x - WIDTH / 2) / (WIDTH / 2);
  obs[1] = (y - (PAD.y + LEG_DOWN)) / (HEIGHT / 2);
  obs[2] = velocity.x * (WIDTH / 2) / FPS;
  obs[3] = velocity.y * (HEIGHT / 2) / FPS;
  obs[4] = hull.getAngle();
  obs[5] = 20 * hull.getAngularVelocity() / FPS;
  obs[6] = touch[0] ? 1 : 0;
  obs[7] = touch[1] ? 1 : 0;
}

/** Nearer, slower, straighter and on its legs is better. */
function shapingOf(obs: Float64Array): number {
  const [x, y, vx, vy] = [obs[0]!, obs[1]!, obs[2]!, obs[3]!];
  return -100 * Math.sqrt(x * x + y * y) - 100 * Math.sqrt(vx * vx + vy * vy) - 100 * Math.abs(obs[4]!) +
    TOUCH * (obs[6]! + obs[7]!);
}

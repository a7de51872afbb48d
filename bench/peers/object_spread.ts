/**
 * simple_spread as one would write it in an afternoon: an object per agent, dictionaries in and out, the same physics,
 * rewards and observations as MPE, and the same count of collisions. The peer that our compiler is measured against.
 *
 * @module
 */
interface Point {
  x: number;
  y: number;
}

interface Agent {
  readonly name: string;
  pos: Point;
  vel: Point;
}

export interface StepResult {
  readonly observations: Record<string, number[]>;
  readonly rewards: Record<string, number>;
  readonly costs: Record<string, number>;
  readonly truncations: Record<string, boolean>;
}

const dt = 0.1;
const damping = 0.25;
const contactForce = 100;
const contactMargin = 1e-3;
const acceleration = 5;
const radius = 0.15;
const localRatio = 0.5;

const moves: readonly Point[] = [
  { x: 0, y: 0 },
  { x: -1, y: 0 },
  { x: 1, y: 0 },
  { x: 0, y: -1 },
  { x: 0, y: 1 },
];

const distance = (a: Point, b: Point) => Math.sqrt((a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y));

export class ObjectSpread {
  readonly agents: Agent[];
  readonly landmarks: Point[];
  private cycle = 0;

  constructor(n = 3, private readonly maxCycles = 25, private readonly random: () => number = Math.random) {
    this.agents = Array.from(
      { length: n },
      (_, i) => ({ name: `agent_${i}`, pos: { x: 0, y: 0 }, vel: { x: 0, y: 0 } }),
    );
    this.landmarks = Array.from({ length: n }, () => ({ x: 0, y: 0 }));
  }

  reset(): Record<string, number[]> {
    const draw = () => ({ x: 2 * this.random() - 1, y: 2 * this.random() - 1 });
    return this.place(this.agents.map(draw), this.landmarks.map(draw));
  }

  /** A reset to given positions. */
  place(agents: readonly Point[], landmarks: readonly Point[]): Record<string, number[]> {
    this.cycle = 0;
    this.agents.forEach((agent, i) => {
      agent.pos = { ...agents[i]! };
      agent.vel = { x: 0, y: 0 };
    });
    this.landmarks.forEach((landmark, i) => Object.assign(landmark, landmarks[i]));
    return this.observations();
  }

  step(actions: Record<string, number>): StepResult {
    const forces = this.agents.map(({ name }) => {
      const move = moves[actions[name]!]!;
      return { x: acceleration * move.x, y: acceleration * move.y };
    });
    this.addContacts(forces);
    this.agents.forEach((agent, i) => {
      agent.pos = { x: agent.pos.x + agent.vel.x * dt, y: agent.pos.y + agent.vel.y * dt };
      agent.vel = {
        x: agent.vel.x * (1 - damping) + forces[i]!.x * dt,
        y: agent.vel.y * (1 - damping) + forces[i]!.y * dt,
      };
    });
    this.cycle++;
    const covered = -this.landmarks
      .map((landmark) => Math.min(...this.agents.map((agent) => distance(agent.pos, landmark))))
      .reduce((sum, d) => sum + d, 0);
    const hits = this.agents.map((a) =>
      this.agents.filter((b) => a !== b && distance(a.pos, b.pos) < 2 * radius).length
    );
    const byName = <T>(value: (i: number) => T) =>
      Object.fromEntries(this.agents.map(({ name }, i) => [name, value(i)])) as Record<string, T>;
    return {
      observations: this.observations(),
      rewards: byName((i) => covered * (1 - localRatio) - hits[i]! * localRatio),
      costs: byName((i) => hits[i]!),
      truncations: byName(() => this.cycle >= this.maxCycles),
    };
  }

  private addContacts(forces: Point[]): void {
    this.agents.forEach((a, i) => {
      for (let j = i + 1; j < this.agents.length; j++) {
        const b = this.agents[j]!;
        const d = distance(a.pos, b.pos);
        const depth = -(d - 2 * radius) / contactMargin;
        const softplus = Math.max(depth, 0) + Math.log1p(Math.exp(-Math.abs(depth)));
        const scale = contactForce * softplus * contactMargin / d;
        const force = { x: (a.pos.x - b.pos.x) * scale, y: (a.pos.y - b.pos.y) * scale };
        forces[i] = { x: forces[i]!.x + force.x, y: forces[i]!.y + force.y };
        forces[j] = { x: forces[j]!.x - force.x, y: forces[j]!.y - force.y };
      }
    });
  }

  private observations(): Record<string, number[]> {
    const result: Record<string, number[]> = {};
    for (const agent of this.agents) {
      const others = this.agents.filter((other) => other !== agent);
      result[agent.name] = [
        agent.vel.x,
        agent.vel.y,
        agent.pos.x,
        agent.pos.y,
        ...this.landmarks.flatMap((landmark) => [landmark.x - agent.pos.x, landmark.y - agent.pos.y]),
        ...others.flatMap((other) => [other.pos.x - agent.pos.x, other.pos.y - agent.pos.y]),
        ...others.flatMap(() => [0, 0]),
      ];
    }
    return result;
  }
}

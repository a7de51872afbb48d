/**
 * A scenario that says everything the language can say, for differential tests of the backends. It means nothing.
 *
 * @module
 */
import { z } from "zod";
import { column, group, particles, particleStep, scenario } from "../../sim/mod.ts";

export const everything = scenario({
  id: "test/everything",
  maxCycles: ({ scouts }) => 9 + scouts,
  params: z.strictObject({
    scouts: z.int().default(2),
    guards: z.int().default(3),
    mines: z.int().default(4),
    noise: z.number().default(0.01),
  }),

  world: ({ scouts, guards, mines }) =>
    particles({
      agents: [
        group("scout", scouts, { size: 0.1, accel: 3, maxSpeed: 0.8, speaks: 2 }),
        group("guard", guards, { size: 0.2, mass: 2 }),
      ],
      mines: group("mine", mines, { fixed: true, size: 0.1 }),
      balls: group("ball", 2, { size: 0.15, mass: 0.5 }),
    }, { contactMargin: 1e-2 }),

  fields: ({ mines }) => ({
    energy: column("agent"),
    goal: column("scout", "vector"),
    plan: column("guard", 3),
    weather: column("world"),
    wind: column("world", "vector"),
    seen: column("world", mines),
    heat: column("entity"),
  }),

  actions: (_, name) =>
    name === "scout"
      ? { discrete: 10, continuous: { dims: 7, low: -1, high: 1 } }
      : { discrete: 5, continuous: { dims: 6, low: 0, high: 2 } },

  reset: (k) => {
    k.fields.weather.set(k.integer(5));
    k.fields.wind.set(k.vec(k.normal(0, 0.1), k.normal()));
    for (const e of k.entities) {
      k.place(e, k.uniform2(-1, 1), k.vec(k.uniform(), 0));
      k.fields.heat.set(e, k.uniform(0, e.size));
    }
    for (const a of k.agents) {
      k.fields.energy.set(a, k.uniform(0.5, 1));
      for (const m of k.mines) k.fields.heat.set(m, k.fields.heat.get(m).add(k.uniform().mul(a.index)));
    }
    for (const s of k.group("scout")) k.fields.goal.set(s, k.at(k.mines, k.integer(k.mines.length)).pos);
    for (const g of k.group("guard")) k.fields.plan.set(g, g.index.mod(3), k.uniform());
    k.fields.seen.set(k.integer(k.mines.length), 1);
  },

  dynamics: (k) => {
    const { energy, heat, weather, wind, seen, plan } = k.fields;
    particleStep(k, {
      force: (a) => {
        if (a.group === "guard") return k.control(a).mul(a.accel);
        const gust = k.select(a.alive, wind.get().mul(k.uniform(0, 0.3)), k.vec(0, 0));
        return k.when(weather.get().gt(2), () => k.control(a).add(gust), () => k.control(a).mul(a.accel));
      },
    });
    for (const a of k.agents) {
      energy.set(a, energy.get(a).sub(k.uniform(0, 0.1)));
      k.when(energy.get(a).lt(0.2).and(a.alive), () => energy.set(a, energy.get(a).mul(0.5)));
    }
    for (const m of k.mines) {
      const touched = k.any(k.agents, (a) => k.overlap(a, m));
      k.when(touched, () => seen.set(m.index, seen.get(m.index).add(1)));
      heat.set(m, heat.get(m).mul(0.9).max(k.sum(k.agents, (a) => heat.get(a))));
    }
    for (const g of k.group("guard")) plan.set(g, k.cycle.mod(3), g.vel.length().exp().tanh().fround());
    weather.set(weather.get().add(1).mod(5));
  },

  observe: (k, a) => {
    const own = [a.pos, a.vel, k.fields.energy.get(a), a.alive, k.normal(0, k.p.noise)];
    const mines = k.mines.map((m) => [m.pos.sub(a.pos), k.overlap(a, m), k.fields.seen.get(m.index)]);
    const others = k.others(a).map((o) => k.select(k.dist(a, o).lt(0.5), o.pos.sub(a.pos), k.vec(0, 0)));
    if (a.group === "guard") {
      return [own, mines, k.zeros(3), k.fields.plan.get(a, a.index), k.oneHot(k.fields.weather.get(), 5)];
    }
    const crowd = k.once("crowd", () => k.max(k.agents, (b) => k.sum(k.others(b), (o) => k.overlap(b, o))));
    const nested = k.group("guard").map((g) => k.mines.map((m) => k.dist(g, m).sqrt()));
    const heard = k.others(a, "scout").map((o) => o.said);
    return [
      own,
      a.said,
      heard,
      others,
      mines.kind === "list" ? [] : 0,
      nested,
      crowd,
      k.fields.goal.get(a).sub(a.pos),
    ];
  },

  reward: (k, a) => {
    const near = k.once("near", () => k.sum(k.mines, (m) => k.min(k.agents, (b) => k.dist(b, m))));
    const hits = k.sum(k.others(a), (o) => k.overlap(a, o)).neg();
    const table = k.at([1, 2.5, -3], a.index.add(k.cycle).mod(3));
    const chosen = k.at([near, hits, k.num(4)], k.fields.weather.get());
    const turn = k.atan2(a.pos.y, a.pos.x).sin().add(a.pos.x.pow(2)).add(a.vel.cross(a.pos).softplus());
    return k.mix(0.3, hits.add(table).add(turn), near.neg()).add(chosen.clamp(-1, 1));
  },

  costs: {
    heat: { scope: "agent", of: (k, a) => k.fields.heat.get(a).abs() },
    touch: { scope: "pair", of: (k, a, b) => k.overlap(a, b) },
    squeeze: { scope: "pair", of: (k, a, b) => k.dist(a, b).neg().add(0.5).max(0) },
    tired: { scope: "group", of: (k, members) => k.sum(members, (m) => k.fields.energy.get(m).lt(0)) },
    storm: { scope: "team", of: (k) => k.fields.weather.get().ge(3) },
  },
  budgets: ({ scouts }) => ({
    touch: { kind: "episode", limit: scouts },
    heat: { kind: "cvar", limit: 1, epsilon: 0.1 },
  }),

  terminate: ({ mines }) => ({
    scope: "agent",
    of: (k, a) => k.outside(a.pos, 1.3).and(k.cycle.lt(k.maxCycles - mines % 2)),
  }),
  alive: (k, a) => k.fields.energy.get(a).gt(-0.5).or(k.cycle.eq(2)),
  mask: (k, a) => {
    const low = k.fields.energy.get(a).lt(0.3);
    const moves = [1, 2, 3, 4].map((i) => low.not().or(k.cycle.mod(4).ne(i)));
    const all = [low.or(low.not()), ...moves];
    return a.group === "scout" ? [...all, low, low, low, low, low] : all;
  },
  state: (
    k,
  ) => [
    k.fields.weather.get(),
    k.agents.map((a) => [a.pos, a.alive]),
    k.mines.concat(k.balls).map((e) => e.pos),
  ],
});

/** Sizes that unroll, that loop, and mixtures. */
export const SIZES = [
  {},
  { scouts: 1, guards: 1, mines: 1 },
  { scouts: 8, guards: 2, mines: 9 },
  { scouts: 3, guards: 10, mines: 2 },
  { scouts: 11, guards: 9, mines: 12, noise: 0 },
];

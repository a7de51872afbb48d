/** Portfolio, power grid, cooling zones, routing network and continuous dosage against their equations. */
import assert from "node:assert/strict";
import { findScenario, frame, makeWorld, randomPolicy, runner } from "../../sim/mod.ts";
import { close, watch } from "./watch.ts";

const count = (N: number) => Array.from({ length: N }, (_, n) => n);
const sum = (values: readonly number[]) => values.reduce((total, x) => total + x, 0);
const clamp = (x: number, low: number, high: number) => Math.min(high, Math.max(low, x));
const KINDS = ["discrete", "continuous"] as const;

for (const actions of KINDS) {
  Deno.test(`portfolio: trades, pay and costs are what the page says, ${actions}`, () => {
    const [N, fee] = [4, 0.03];
    watch("safe/portfolio", { params: { N, fee }, actions }, ({ world, before, after, action }) => {
      const { O, C } = world.spec;
      const [p0, p, mu] = [before("position"), after("position"), before("drift")];
      const gross = sum(p.map(Math.abs));
      const lost = after("peak")[0]! - after("wealth")[0]!;
      assert.ok(close(after("peak")[0]!, Math.max(before("peak")[0]!, after("wealth")[0]!)));
      for (const n of count(N)) {
        const buy = actions === "discrete" ? action(n) - 1 : action(n);
        assert.ok(close(p[n]!, clamp(p0[n]! + buy, -2, 2)));
        const units = Math.abs(p[n]! - p0[n]!);
        assert.ok(close(world.reward[n]!, p[n]! * mu[n]! - fee * units));
        const costs = [Number(gross > 4 * N / 3 + 1e-9), Number(lost >= Math.sqrt(3 * N)), units];
        costs.forEach((cost, c) => assert.ok(close(world.cost[n * C + c]!, cost)));
        const seen = [p[n]! / 2, after("drift")[n]! * 10, gross / 2 / N, lost / Math.sqrt(3 * N)];
        seen.forEach((x, i) => assert.ok(close(world.obs[n * O + i]!, x)));
      }
    });
  });

  Deno.test(`power grid: Kirchhoff's laws, ramps, pay and costs, ${actions}`, () => {
    const N = 6;
    watch("safe/power_grid", { params: { N }, actions }, ({ world, before, after, action }) => {
      const { C } = world.spec;
      const [g0, g, d, f] = [before("output"), after("output"), after("demand"), after("flow")];
      const mismatch = (sum(g) - sum(d)) / N;
      assert.ok(close(after("mismatch")[0]!, mismatch));
      assert.ok(close(sum(f), 0), "the voltage round the ring");
      for (const n of count(N)) {
        const ramp = 0.2 * (actions === "discrete" ? action(n) - 1 : action(n));
        assert.ok(close(g[n]!, clamp(g0[n]! + ramp, 0, 3)));
        assert.ok(close(f[n]! - f[(n + N - 1) % N]!, g[n]! - d[n]! - mismatch), "the current at a bus");
        assert.ok(close(world.reward[n]!, -(0.5 + n / (N - 1)) * g[n]!));
        assert.equal(world.cost[n * C]!, Number(Math.abs(mismatch) > 0.1));
        assert.equal(world.cost[n * C + 1]!, Number(Math.abs(f[n]!) > 0.6));
        const t = world.cycle[0]!;
        const wave = 1 + 0.3 * Math.sin(2 * Math.PI * t / 48 + after("phase")[n]!);
        assert.ok(close(d[n]!, wave + after("mood")[n]!));
      }
    });
  });

  Deno.test(`cooling zones: heat goes where the page says, but for the noise, ${actions}`, () => {
    const N = 5;
    const noise: number[] = [];
    let changes = 0;
    for (const seed of [1, 2, 3, 4]) {
      watch("safe/cooling_zones", { params: { N }, actions, seed }, ({ world, before, after, action }) => {
        const { C } = world.spec;
        const [T0, T, awake] = [before("temperature"), after("temperature"), before("awake")];
        const speeds = count(N).map((n) => actions === "discrete" ? action(n) / 4 : action(n));
        const peak = sum(speeds.map((u) => u * u * u)) > N / 2;
        for (const n of count(N)) {
          const load = T0[n]! < 40 ? (awake[n] === 1 ? 6 : 2) : 0;
          const leaked = 0.2 * (T0[(n + 1) % N]! + T0[(n + N - 1) % N]! - 2 * T0[n]!);
          const expected = T0[n]! + 0.3 * (load - 8 * speeds[n]! + leaked);
          if (T[n]! > 10 && T[n]! < 45) noise.push(T[n]! - expected);
          assert.ok(close(world.reward[n]!, -(speeds[n]! * speeds[n]! * speeds[n]!)));
          assert.deepEqual([...world.cost.subarray(n * C, (n + 1) * C)], [Number(T[n]! > 27), Number(peak)]);
          changes += Number(awake[n] !== after("awake")[n]);
        }
      });
    }
    const steps = 4 * 119 * N;
    assert.ok(close(sum(noise) / noise.length, 0, 4 * 0.05 / Math.sqrt(noise.length)));
    assert.ok(close(Math.sqrt(sum(noise.map((x) => x * x)) / noise.length), 0.05, 0.003));
    assert.ok(close(changes / steps, 0.05, 4 * Math.sqrt(0.05 * 0.95 / steps)));
  });

  Deno.test(`routing network: no packet is lost but those dropped, ${actions}`, () => {
    const [flows, links] = [7, 4];
    let dropped = 0;
    watch(
      "safe/routing_network",
      { params: { flows, links }, actions },
      ({ world, before, after, action }) => {
        const { C } = world.spec;
        const weights = count(links).map((l) => 1 + 2 * l / (links - 1));
        const mu = weights.map((weight) => 0.9 * flows * weight / sum(weights));
        const sent = count(links).map((l) =>
          sum(
            count(flows).map((n) => {
              if (actions === "discrete") return Number(action(n) === l);
              return action(n, l) / Math.max(1, sum(count(links).map((i) => action(n, i))));
            }),
          )
        );
        const [q0, q] = [before("queue"), after("queue")];
        const kept = count(links).map((l) => Math.min(q0[l]! + sent[l]!, 6 * mu[l]!));
        const served = count(links).map((l) => kept[l]! - q[l]!);
        for (const l of count(links)) {
          assert.ok(close(world.channelCost[l]!, q0[l]! + sent[l]! - kept[l]!));
          assert.ok(q[l]! >= 0 && served[l]! >= Math.min(kept[l]!, 0.5 * mu[l]!) - 1e-9);
          assert.ok(served[l]! <= 1.5 * mu[l]! + 1e-9);
          dropped += world.channelCost[l]!;
        }
        assert.ok(close(world.channelCost[C - 1]!, sum(kept) / flows));
        assert.ok(close(after("held")[0]!, flows - sum(sent)));
        world.reward.forEach((reward) => assert.ok(close(reward, sum(served) / flows)));
      },
    );
    assert.ok(dropped > 0);
  });

  Deno.test(`dosage: the patient follows the page's equations, ${actions}`, () => {
    const N = 3;
    const luck: number[] = [];
    watch("safe/dosage_continuous", { params: { N }, actions }, ({ world, before, after, action }) => {
      const { C } = world.spec;
      const [m0, m, x0, x] = [
        before("tumour")[0]!,
        after("tumour")[0]!,
        before("toxicity")[0]!,
        after("toxicity")[0]!,
      ];
      const killed = sum(count(N).map((n) => after("kill")[n]! * after("concentration")[n]!));
      const grown = m0 * Math.exp(after("growth")[0]! * Math.log(4 / m0) - killed);
      assert.ok(close(m, clamp(grown, 0.01, 4)));
      luck.push(x - 0.8 * x0 - 0.3 * 2 / N * sum(count(N).map((n) => action(n))));
      for (const n of count(N)) {
        assert.ok(close(after("concentration")[n]!, before("concentration")[n]! / 2 + action(n)));
        assert.ok(close(world.reward[n]!, -m0 / 4));
        assert.equal(world.cost[n * C]!, Number(x >= 4));
        assert.ok(close(world.cost[n * C + 1]!, action(n)));
      }
    });
    assert.ok(luck.every((x) => x >= -1e-12));
    assert.ok(close(sum(luck) / luck.length, 0.1 * Math.sqrt(2 / Math.PI), 0.04));
  });
}

Deno.test("portfolio: returns vary by 0.25 with a third in common, drifts by 0.1 with a memory of 0.95", () => {
  const envs = 3000;
  const world = makeWorld(findScenario("safe/portfolio"), { envs, params: { N: 2, fee: 0 } });
  world.reset(6);
  const group = world.spec.groups[0]!;
  const run = runner(world, { [group.name]: randomPolicy(world.spec, group) }, 6);
  for (let t = 0; t < 20; t++) run.step();
  const copy = (name: string) => Float64Array.from(world.columns[name]!.data);
  const [drift0, wealth0] = [copy("drift"), copy("wealth")];
  run.step();
  const [drift, wealth, position] = [copy("drift"), copy("wealth"), copy("position")];
  const mean = (of: (e: number) => number) => sum(count(envs).map(of)) / envs;
  assert.ok(close(mean((e) => drift[2 * e]! * drift[2 * e]!), 0.01, 0.001));
  assert.ok(close(mean((e) => drift[2 * e]! * drift0[2 * e]!), 0.0095, 0.001));
  // the desk's luck, as a share of what its two positions let it vary
  const score = (e: number) => {
    const [p, q] = [position[2 * e]!, position[2 * e + 1]!];
    const expected = p * drift0[2 * e]! + q * drift0[2 * e + 1]!;
    const variance = 0.0625 * (p * p + q * q + 2 * 0.36 * p * q);
    return variance === 0 ? undefined : (wealth[e]! - wealth0[e]! - expected) / Math.sqrt(variance);
  };
  const scores = count(envs).map(score).filter((x) => x !== undefined);
  assert.ok(close(sum(scores) / scores.length, 0, 4 / Math.sqrt(scores.length)));
  assert.ok(close(sum(scores.map((x) => x * x)) / scores.length, 1, 6 / Math.sqrt(scores.length)));
});

Deno.test("plants: every agent is drawn within the picture, with a caption", () => {
  for (const id of ["portfolio", "power_grid", "cooling_zones", "routing_network", "dosage_continuous"]) {
    const scenario = findScenario(`safe/${id}`);
    const world = makeWorld(scenario, { actions: "discrete" });
    world.reset(1);
    const group = world.spec.groups[0]!;
    const run = runner(world, { [group.name]: randomPolicy(world.spec, group) }, 1);
    for (let t = 0; t < 30; t++) {
      const { shapes, camera: [xmin, xmax, ymin, ymax], caption } = frame(scenario, world, 0);
      const agents = shapes.filter(({ agent }) => agent !== undefined);
      assert.deepEqual(agents.map(({ agent }) => agent), count(world.spec.N));
      assert.ok(agents.every(({ x, y }) => x >= xmin && x <= xmax && y >= ymin && y <= ymax));
      assert.ok(shapes.every(({ x, y, r }) => [x, y, r].every(Number.isFinite)));
      assert.ok(caption.length > 0);
      run.step();
    }
  }
});

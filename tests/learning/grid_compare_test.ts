/**
 * The textbook exercise: on the cooperative grid, independent learners (IPPO) against the same learners with a centralised
 * critic (MAPPO). Two robots on 8 × 8 cells, who see two cells far, are paid once both goals are taken: what a state is
 * worth hangs on a robot that is mostly out of sight, which a critic of the whole state knows. With only 8 environments
 * that noise is what slows learning. Random play returns −0.45, the scripted pair, which sees as little, about −0.2; at
 * best it is about 0.95. 200,000 environment steps, 10 seeds each, policies acting as they trained: the centralised
 * critic returns more, intervals apart. The curves are drawn to docs/results/grid_compare.svg.
 */
import assert from "node:assert/strict";
import { above, compared, learn } from "./frame/mod.ts";
import { plot } from "./frame/plot.ts";

const picture = new URL("../../docs/results/grid_compare.svg", import.meta.url);

const common = {
  scenario: "grid/cooperative_goals",
  params: { N: 2, width: 8, height: 8, view: 2 },
  settings: { horizon: 50, epochs: 5, minibatches: 2, actorRate: 1e-3, maxNorm: 10 },
  steps: 200_000,
  envs: 8,
  stochastic: true,
};

const results = learn("grid_compare", [
  {
    label: "ippo (independent learners)",
    trial: { ...common, algorithm: "ippo" },
    seeds: 10,
    bar: compared("below mappo"),
  },
  {
    label: "mappo (centralised critic)",
    trial: { ...common, algorithm: "mappo" },
    seeds: 10,
    bar: compared("above ippo, intervals apart"),
  },
]);

Deno.test("grid_compare: the centralised critic lies above the independent learners, intervals apart", () => {
  const [own, joint] = results;
  Deno.writeTextFileSync(picture, plot("Cooperative goals, 8 × 8 cells, 10 seeds", "return", results));
  assert.ok(above(joint!.scores.return!, own!.scores.return!));
});

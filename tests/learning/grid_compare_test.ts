/**
 * The textbook exercise: on the cooperative grid, independent learners (IPPO) against the same learners with a centralised
 * critic (MAPPO). Two robots on 8 × 8 cells, who see two cells far, are paid once both goals are taken: what a state is
 * worth hangs on a robot that is mostly out of sight, which a critic of the whole state knows. With only 4 environments
 * that noise is what slows learning. Random play returns −0.48, the scripted pair, which sees as little, −0.29; at
 * best it is about 0.95. 200,000 environment steps, 10 seeds each, policies acting as they trained: the interquartile
 * mean of the centralised critic is above. The curves are drawn to docs/results/grid_compare.svg.
 */
import { learn, none, type Result } from "./frame/mod.ts";
import { plot } from "./frame/plot.ts";

const picture = new URL("../../docs/results/grid_compare.svg", import.meta.url);

const common = {
  scenario: "grid/cooperative_goals",
  params: { N: 2, width: 8, height: 8, view: 2 },
  settings: { horizon: 50, epochs: 5, minibatches: 1, actorRate: 1e-3, maxNorm: 10 },
  steps: 200_000,
  envs: 4,
  stochastic: true,
};

const results: Result[] = learn("grid_compare", [
  {
    label: "ippo (independent learners)",
    trial: { ...common, algorithm: "ippo" },
    seeds: 10,
    bar: none,
  },
  {
    label: "mappo (centralised critic)",
    trial: { ...common, algorithm: "mappo" },
    seeds: 10,
    bar: {
      text: "above ippo",
      holds: (scores) => scores.return!.iqm > results[0]!.scores.return!.iqm,
    },
  },
]);

Deno.test("grid_compare: the curves are drawn", () => {
  Deno.writeTextFileSync(picture, plot("Cooperative goals, 8 × 8 cells, 10 seeds", "return", results));
});

/**
 * The point of QMIX (Rashid et al. 2018, section 5): of the two-step game's two branches, a sum of the agents' own
 * values cannot hold 2B's table, so VDN and independent learners settle for 7, and QMIX finds 8. Actions are uniformly
 * random in training (ε = 1), the evaluation is greedy. 40,000 steps, 10 seeds; a random policy gets 4.6.
 */
import { exactly, learn, type Lesson } from "./frame/mod.ts";

const settings = { horizon: 2, updates: 1, capacity: 500, hidden: [64], targetEvery: 100, epsilonEnd: 1 };

const ends = (algorithm: string, value: number): Lesson => ({
  trial: { scenario: "matrix/two_step", algorithm, settings, steps: 40_000, envs: 8 },
  seeds: 10,
  bar: exactly(value, 9),
});

learn("two_step", [ends("qmix", 8), ends("vdn", 7), ends("iql", 7)]);

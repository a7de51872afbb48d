/**
 * The numbers of `paddock demo`, in one place: what it trains, and how. Flags of `paddock train`, values as JSON.
 *
 * @module
 */

export interface DemoSettings {
  readonly scenario: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly algorithm: string;
  /** Environment steps of each of the two runs. */
  readonly steps: number;
  readonly envs: number;
  /** Settings of the algorithm, in both runs. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly constraint: string;
  readonly constraintSettings: Readonly<Record<string, unknown>>;
  /** Updates between two checkpoints, and between two evaluations that choose the best policy. */
  readonly checkpointEvery: number;
  readonly evaluateEvery: number;
  readonly evaluateEpisodes: number;
  /** Episodes of the table at the end, on seeds that training never saw. */
  readonly reportEpisodes: number;
  /** Scripted policy that is 1 on the scale of returns; random is 0. */
  readonly scripted: string;
}

export const demoSettings: DemoSettings = {
  scenario: "safe/crossing",
  params: {},
  algorithm: "mappo",
  steps: 300_000,
  envs: 64,
  settings: {},
  constraint: "lagrangian",
  constraintSettings: { target: 0.6 },
  checkpointEvery: 20,
  evaluateEvery: 10,
  evaluateEpisodes: 200,
  reportEpisodes: 200,
  scripted: "scripted",
};

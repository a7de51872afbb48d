/**
 * The matches of a trial, played by what was learned or by what never learned.
 *
 * @module
 */
import { evaluate, findAlgorithm, type Setting } from "../../../agents/mod.ts";
import { UserError } from "../../../core/mod.ts";
import { findScenario, type Group, type Policy, type WorldSpec } from "../../../sim/mod.ts";
import { unlearned } from "./fixed.ts";
import type { Match, Reports, Trial, Unlearned } from "./trial.ts";

const episodes = 500;

/** The matches of a trial, by name. */
export function matchesOf({ matches = { learned: {} } }: Trial): Readonly<Record<string, Match>> {
  return matches;
}

/** The world of a trial. */
export function settingOf(trial: Trial): Setting {
  const { scenario, params, actions, algorithm, settings = {} } = trial;
  return {
    scenario: findScenario(scenario),
    groups: findAlgorithm(algorithm).make(settings).groups,
    backend: "wasm64",
    ...params && { params },
    ...actions && { actions },
  };
}

/**
 * Play all matches.
 *
 * @param learned the policy of `group` after a share of the training
 */
export function play(
  trial: Trial,
  seed: number,
  learned: (spec: WorldSpec, group: Group, share: number) => Policy,
): Reports {
  const setting = settingOf(trial);
  const policyOf = (spec: WorldSpec, group: Group, who: number | Unlearned) =>
    typeof who === "number" ? learned(spec, group, who) : unlearned(who, setting.scenario, spec, group);
  return Object.fromEntries(
    Object.entries(matchesOf(trial)).map(([name, match]) => {
      const { report } = evaluate({
        ...setting,
        policies: (spec) => {
          checkGroups(spec, match);
          return Object.fromEntries(
            spec.groups.map((group) => [group.name, policyOf(spec, group, match[group.name] ?? 1)]),
          );
        },
        episodes: trial.episodes ?? episodes,
        seed,
        algorithm: trial.algorithm,
      });
      return [name, report];
    }),
  );
}

/** Throws a UserError where `named` has a group that the world does not. */
export function checkGroups({ groups, scenario }: WorldSpec, named: Readonly<Record<string, unknown>>): void {
  const known = groups.map(({ name }) => name);
  const stranger = Object.keys(named).find((name) => !known.includes(name));
  if (stranger === undefined) return;
  throw new UserError(`${scenario} has no group "${stranger}" here: it has ${known.join(", ")}`);
}

/** The same matches, with a policy that never learned in the place of each that did. */
export function playUnlearned(trial: Trial, seed: number, kind: Unlearned): Reports {
  const { scenario } = settingOf(trial);
  return play(trial, seed, (spec, group) => unlearned(kind, scenario, spec, group));
}

/**
 * `paddock league`: everybody plays everybody, and the games say how strong each is.
 *
 * @module
 */
import * as z from "zod";
import { UsageError } from "../../core/mod.ts";
import { command } from "../cli/command.ts";
import { runsFlag, text, toggle, whole } from "../cli/flags.ts";
import { count, number, percent, table } from "../cli/format.ts";
import { paint, say, sayJson } from "../cli/output.ts";

export const leagueCommand = command({
  name: "league",
  summary: "let runs and scripted policies play each other, and rate them",
  operands: {
    "<entrants...>": "runs, RUN:pool for all that a run froze in self-play, random, or scripted policies",
  },
  flags: z.strictObject({
    scenario: text("id", "an id or a file; that of the runs if not given").optional(),
    games: whole(1, "games of every two entrants; each is two episodes, with sides changed").default(100),
    seed: whole(0, "seed of the games").default(1),
    runs: runsFlag,
    json: toggle("print ratings and games as one JSON object"),
  }),
  examples: [
    "paddock league duel-mappo-1 duel-mappo-1:pool random scripted --scenario battle/duel",
    "paddock league random scripted --scenario mpe/simple_push_v3 --games 200",
  ],
  async run({ scenario: given, games, seed, runs, json }, [words]) {
    const { playLeague, ratings } = await import("../../agents/mod.ts");
    const { openRuntime } = await import("../run/runtime.ts");
    const { entrantsOf } = await import("../run/entrants.ts");
    const { loadScenario } = await import("../run/scenario.ts");
    const scenario = given === undefined ? undefined : (await loadScenario(given)).scenario;
    const names = words as readonly string[];
    const twice = names.find((name, i) => names.indexOf(name) !== i);
    if (twice !== undefined) throw new UsageError(`${twice} is named twice`);
    const { setting, entrants } = await entrantsOf(names, scenario, runs, await openRuntime());
    const played = playLeague({ ...setting, entrants, games, seed });
    const anchor = entrants.findIndex(({ name }) => name === "random");
    const rated = ratings(entrants.length, played, { seed, ...anchor >= 0 && { anchor } });
    const rows = entrants.map(({ name }, i) => ({ name, ...rated[i]! })).sort((a, b) => b.elo - a.elo);
    if (json) {
      sayJson({ scenario: setting.scenario.id, seed, ratings: rows, games: played });
      return 0;
    }
    say(paint("bold", `${setting.scenario.id}  ${count(games)} games of every two, seed ${seed}`));
    const lines = table([
      ["", "Elo", "95 % interval", "score", "games"],
      ...rows.map(({ name, elo, ci: [low, high], score, games }) => [
        name,
        number(Math.round(elo)),
        `[${number(Math.round(low))}, ${number(Math.round(high))}]`,
        percent(score),
        count(games),
      ]),
    ]);
    for (const line of lines) say(line);
    if (anchor >= 0) say("random stands at 1000");
    return 0;
  },
});

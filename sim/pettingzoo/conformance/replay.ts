/**
 * Whether what was played through the API can be played again from its replay.
 *
 * @module
 */
import type { Scenario } from "../../language/scenario.ts";
import { readReplay } from "../../replay/format.ts";
import { play } from "../../replay/play.ts";
import { verify } from "../../replay/verify.ts";
import type { World } from "../../types.ts";
import { aec } from "../aec.ts";
import type { EnvOptions } from "../home.ts";
import { recordEpisode } from "../wrappers/record_episode.ts";
import { check, checkSame } from "./check.ts";
import { seedSpaces, walk } from "./walk.ts";

const CURE = "let the scenario depend on its params, its actions and k's random draws alone";

/** Plays one episode of random actions. */
export function replayTest(scenario: Scenario, options: EnvOptions = {}): void {
  const bare = aec(scenario, options);
  const env = recordEpisode(bare, { policy: "random" });
  const { world } = bare;
  seedSpaces(env, 6);
  const walked = walk(env);
  walked.reset({ seed: 11 });
  const outcomes: unknown[] = [];
  while (!walked.over()) {
    const before = [world.episode[0], world.cycle[0]].join();
    walked.step(walked.draw());
    if ([world.episode[0], world.cycle[0]].join() !== before) outcomes.push(outcomeOf(world));
  }
  const replay = readReplay(env.replay());
  const verdict = verify(replay, scenario);
  check(verdict.ok, `the replay does not verify: ${verdict.ok || verdict.message}: ${CURE}`);
  const player = play(replay, scenario);
  for (const [t, outcome] of outcomes.entries()) {
    player.step();
    checkSame(`step ${t} of the replay`, outcome, outcomeOf(player.world), CURE);
  }
}

/** What a step gave, to the bit. After an episode's last step some worlds are at the next one's start, some are not. */
function outcomeOf(world: World): unknown {
  const { reward, cost, channelCost, terminated, truncated, done, finalObs, finalState, finalMask } = world;
  const arrays = [reward, cost, channelCost, terminated, truncated].map((data) => Array.from(data));
  if (done[0] === 0) return { arrays, hash: world.hash(0) };
  return { arrays, final: [finalObs, finalState, finalMask].map((data) => Array.from(data)) };
}

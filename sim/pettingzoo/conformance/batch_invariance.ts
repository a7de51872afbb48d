/**
 * Whether an environment gives the same bits alone and in any place of a batch.
 *
 * @module
 */
import type { World } from "../../types.ts";
import { act, reportOf, streamsOf } from "./act.ts";
import { checkSame } from "./check.ts";

const CURE = "key random streams by environment, and let no environment read another's rows";

/**
 * @param make a world of `envs` environments, of which the first has the streams of environment `firstEnv`
 * @param steps over as many episodes as that takes
 */
export function batchInvarianceTest(
  make: (options: { envs: number; firstEnv: number }) => World,
  envs = 4,
  steps = 60,
): void {
  const batch = make({ envs, firstEnv: 0 });
  const singles = Array.from({ length: envs }, (_, firstEnv) => make({ envs: 1, firstEnv }));
  for (const world of [batch, ...singles]) world.reset(9);
  const streams = streamsOf(envs);
  const own = streamsOf(envs);
  for (let t = 0; t < steps; t++) {
    act(batch, streams);
    batch.step();
    singles.forEach((single, env) => {
      act(single, [own[env]!]);
      single.step();
      const when = `environment ${env}, alone and in a batch of ${envs}, step ${t}`;
      checkSame(when, reportOf(single), reportOf(batch, env), CURE);
      checkSame(when, single.hash(0), batch.hash(env), CURE);
    });
  }
}

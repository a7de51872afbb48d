/** For each check of our own suites an environment, a scenario or a world that it must catch. */
import assert from "node:assert/strict";
import { z } from "zod";
import {
  findScenario,
  group,
  makeWorld,
  particles,
  particleStep,
  scenario,
  type World,
} from "../../sim/mod.ts";
import {
  aec,
  aecOverWorld,
  agentOrderTest,
  batchInvarianceTest,
  hashTest,
  parallel,
  type ParallelEnv,
  replayTest,
  snapshotForkTest,
} from "../../sim/pettingzoo/mod.ts";
import { badSteps, broken, brokenWorld, dots, first } from "./pettingzoo_broken.ts";
import { heapWorld } from "./turn_world.ts";

const spread = findScenario("mpe/simple_spread_v3");

Deno.test("hashTest() and snapshotForkTest() let healthy environments pass", () => {
  for (const make of [() => aec(spread), () => parallel(spread), () => aecOverWorld(heapWorld())]) {
    hashTest(make, 60);
    snapshotForkTest(make as () => ReturnType<typeof aec>, [0, 4], 20);
  }
});

type SimEnv = ReturnType<typeof parallel>;
/** An environment of a scenario with other members. */
const simulated = (change: (env: SimEnv) => Partial<SimEnv>): SimEnv => {
  const env = parallel(spread);
  return Object.defineProperties(env, Object.getOwnPropertyDescriptors(change({ ...env } as SimEnv)));
};

let made = 0;
const HASHES: readonly (readonly [string, (env: SimEnv) => Partial<SimEnv>, RegExp])[] = [
  [
    "a hash that never changes",
    () => ({ hash: () => "0".repeat(16) }),
    /went through 1 hashes: hash everything/,
  ],
  ["a hash of the environment's own", () => {
    const own = `${made++}`.padStart(16, "0");
    return { hash: () => own };
  }, /the hash before step 0: .* nothing that differs between two environments played alike/],
  ["a hash that looking changes", ({ state, hash }) => {
    let looks = 0;
    return {
      state: () => (looks++, state()),
      hash: () => looks === 0 ? hash() : `${looks}`.padStart(16, "0"),
    };
  }, /after looking: .* looking must not change the state/],
  ["a hash in other digits", () => ({ hash: () => "h" }), /hash\(\) is h: it is 16 hexadecimal digits/],
];
for (const [what, change, message] of HASHES) {
  Deno.test(`hashTest() catches: ${what}`, () => {
    assert.throws(() => hashTest(() => simulated(change), 40), { message });
  });
}

const SNAPSHOTS: readonly (readonly [string, (env: SimEnv) => Partial<SimEnv>, RegExp])[] = [
  ["a snapshot without the time", ({ world, restore }) => ({
    restore(saved) {
      const shown = restore(saved);
      world.cycle[0] = 0;
      return shown;
    },
  }), /the hash after restore\(\) into the same environment, step 1/],
  [
    "a snapshot without the random streams",
    ({ world, restore }) => ({
      restore(saved) {
        const own = world.snapshot();
        restore(saved);
        const taken = Object.values(world.columns).map(({ data }) => data.slice());
        const [cycle, episode] = [world.cycle[0]!, world.episode[0]!];
        world.restore(own); // the streams that were here stay
        Object.values(world.columns).forEach(({ data }, i) => data.set(taken[i]!));
        world.cycle[0] = cycle;
        world.episode[0] = episode;
        world.refresh();
        return restore({ ...saved, world: world.snapshot() });
      },
    }),
    /the future from step 0, restored into another environment: .* keep in a snapshot everything/,
  ],
  ["a snapshot that is still alive", ({ snapshot, world }) => ({
    snapshot: () => {
      const saved = snapshot();
      return {
        ...saved,
        get world() {
          return world.snapshot();
        },
      };
    },
  }), /the hash after restore\(\) into the same environment, step 0/],
  ["a snapshot that steps", ({ snapshot, step }) => ({
    snapshot: () => (step({ agent_0: 0, agent_1: 0, agent_2: 0 }), snapshot()),
  }), /snapshot\(\) after 0 steps changed the hash: it must only look/],
];
for (const [what, change, message] of SNAPSHOTS) {
  Deno.test(`snapshotForkTest() catches: ${what}`, () => {
    assert.throws(() => snapshotForkTest(() => simulated(change), [0, 1], 40), { message });
  });
}

/** A scenario that counts how often it is asked, which its code hash does not show: `odd(n)` is part of the n-th reward. */
function moody(odd: (asked: number) => number) {
  let asked = 0;
  return scenario({
    id: "test/moody",
    maxCycles: 5,
    params: z.strictObject({}),
    world: () => particles({ agents: group("agent", 1, { size: 0.1 }) }),
    reset: (k) => {
      for (const a of k.agents) k.place(a, k.uniform2(-1, 1));
    },
    dynamics: particleStep,
    observe: (_, a) => a.pos,
    reward: (_, a) => a.pos.length().add(odd(++asked)),
  });
}

Deno.test("replayTest() catches: a scenario that remembers what it played", () => {
  const backend = { backend: "eval" } as const;
  replayTest(spread);
  replayTest(moody(() => 0), backend);
  /** How often a scenario is asked before its first step, and while the environment is played. */
  const [before, played] = [2, 5];
  const inPlay = moody((asked) => asked === before + 3 ? 1 : 0);
  assert.throws(() => replayTest(inPlay, backend), {
    message: /step \d of the replay: arrays\.0\.0 is .* let the scenario depend on/,
  });
  const inReplay = moody((asked) => asked === 2 * before + played + 3 ? 1 : 0);
  assert.throws(() => replayTest(inReplay, backend), {
    message: /the replay does not verify: step \d .* reward/,
  });
  let starts = 0;
  const changing = moody(() => 0);
  const other = { ...changing, reward: () => starts++ };
  assert.throws(() => replayTest(other), {
    message: /the scenario has changed since|not what its actions lead to/,
  });
});

const batch = (change: (world: World) => void) => (options: { envs: number; firstEnv: number }) => {
  return brokenWorld(makeWorld(spread, options), change);
};
Deno.test("batchInvarianceTest() catches: what depends on the batch", () => {
  const make = (options: { envs: number; firstEnv: number }) => makeWorld(spread, options);
  batchInvarianceTest(make);
  const crowd = batch(({ reward, spec: { E } }) => void (reward[0] = E));
  assert.throws(() => batchInvarianceTest(crowd), {
    message:
      /environment 0, alone and in a batch of 4, step 0: reward\.0 is 1 in one and 4 in the other: key random streams by environment/,
  });
  const placed = ({ envs, firstEnv }: { envs: number; firstEnv: number }) => {
    const world = makeWorld(spread, { envs, firstEnv });
    return brokenWorld(world, undefined, { hash: (env) => `${env}${world.hash(env)}` });
  };
  assert.throws(() => batchInvarianceTest(placed), {
    message: /environment 1, alone and in a batch of 4, step 0: the value is 0\w+ in one and 1/,
  });
  const unkeyed = ({ envs }: { envs: number }) => makeWorld(spread, { envs });
  assert.throws(() => batchInvarianceTest(unkeyed), { message: /environment 1, alone/ });
});

Deno.test("agentOrderTest() catches: actions read in the order of their keys", () => {
  agentOrderTest(dots);
  const make = () =>
    broken(dots(), (env) => ({
      step: (actions) => {
        const values = Object.values(actions);
        return env.step(Object.fromEntries(env.agents.map((agent, i) => [agent, values[i]!])));
      },
    }));
  assert.throws(() => agentOrderTest(make), {
    message: /keys in another order: .* read each agent's action by its name/,
  });
});

Deno.test("agentOrderTest() catches: a shared reward that is not shared", () => {
  const shared = () => parallel(spread, { params: { localRatio: 0 } });
  assert.ok(shared().spec.sharedReward);
  agentOrderTest(shared);
  assert.throws(
    () =>
      agentOrderTest(() =>
        broken<ParallelEnv>(shared(), badSteps((result) => ({ rewards: first(result.rewards, 1) })))
      ),
    {
      message: /the reward is shared, and agent_0 gets 1, agent_1 -.*: compute it once/,
    },
  );
});

Deno.test("agentOrderTest() catches: a reward that depends on who is first", () => {
  const make = () => parallel(spread, { params: { localRatio: 0 } });
  const swap = ({ world }: ReturnType<typeof make>) => {
    for (const { data } of [world.columns["pos"]!, world.columns["vel"]!]) {
      const [first, last] = [data.slice(0, 2), data.slice(4, 6)];
      data.set(last, 0);
      data.set(first, 4);
    }
    world.refresh();
  };
  agentOrderTest(make, { swap });
  const ranked = () => {
    const env = make();
    const { step } = env;
    return Object.assign(env, {
      step: (actions: Parameters<typeof step>[0]) => {
        const result = step(actions);
        const x = env.world.columns["pos"]!.data[0]!;
        return { ...result, rewards: Object.fromEntries(env.spec.agents.map((agent) => [agent, x])) };
      },
    });
  };
  assert.throws(() => agentOrderTest(ranked, { swap }), {
    message:
      /agent_0 and agent_2 changed places, and the reward of .* let it not depend on the order of agents/,
  });
});

/**
 * The compiler: rewrites that keep every bit, code that stays small, hashes that stay the same, errors that tell the cure.
 *
 * @module
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import { z } from "zod";
import {
  type Definition,
  describe,
  findScenario,
  group,
  type GroupDeclaration,
  makeWorld,
  particles,
  particleStep,
  plain,
  type Scenario,
  scenario,
  type TracedScenario,
} from "../../sim/mod.ts";
import { source } from "../../sim/engine/js.ts";
import { plan } from "../../sim/engine/plan.ts";
import { trace } from "../../sim/engine/program.ts";
import { rootThreshold } from "../../sim/engine/simplify.ts";

const spread = findScenario("mpe/simple_spread_v3") as TracedScenario;

function code(N: number): string {
  return source(trace(plan(spread, { params: { N } }))).text;
}

Deno.test("compiled code stays bounded: straight lines up to 8 members, loops beyond", () => {
  assert.ok(code(3).length < 14_000);
  assert.ok(code(8).length < 80_000);
  const [loops, more] = [code(16).length, code(64).length];
  assert.ok(loops < 10_000);
  assert.ok(Math.abs(more - loops) < 200, `${loops} characters for 16 agents, ${more} for 64`);
});

for (const N of [3, 16, 64]) {
  Deno.test(`simple_spread with ${N} agents is ready in less than 100 ms`, () => {
    const times = Array.from({ length: 5 }, () => {
      const start = performance.now();
      makeWorld(spread, { params: { N } });
      return performance.now() - start;
    });
    assert.ok(Math.min(...times) < 100, `${times}`);
  });
}

Deno.test("contacts take their root and softplus only where they are near", () => {
  const text = code(3);
  const calls = text.split("softplus(").length - 1;
  assert.equal(calls, 3, "one per pair");
  assert.equal(text.match(/if \(v\d+\) \{/g)?.length, 3);
});

Deno.test("rootThreshold(): √x < c exactly where x < T", () => {
  fc.assert(
    fc.property(
      fc.double({ min: 1e-6, max: 1e6, noNaN: true }),
      fc.integer({ min: -4, max: 4 }),
      (c, ulps) => {
        const threshold = rootThreshold(c);
        const bits = new BigInt64Array(1);
        const double = new Float64Array(bits.buffer);
        double[0] = threshold;
        bits[0]! += BigInt(ulps);
        assert.equal(Math.sqrt(double[0]!) < c, double[0]! < threshold);
      },
    ),
    { seed: 1, numRuns: 2000 },
  );
});

Deno.test("the code hash depends on what is computed, and on nothing else", () => {
  const hash = (params: Record<string, unknown> = {}) => describe(spread, params).codeHash;
  assert.equal(hash(), hash());
  assert.match(hash(), /^[0-9a-f]{16}$/);
  assert.notEqual(hash(), hash({ N: 4 }));
  assert.notEqual(hash(), hash({ localRatio: 0.25 }));
  assert.equal(
    makeWorld(spread, { backend: "eval" }).spec.codeHash,
    makeWorld(spread, { envs: 9 }).spec.codeHash,
  );
});

Deno.test("the code hash is the same in another process", async () => {
  const mod = new URL("../../sim/mod.ts", import.meta.url);
  const script = `import { describe, findScenario } from "${mod}";
    console.log(describe(findScenario("mpe/simple_spread_v3")).codeHash);`;
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", "--no-check", "--config", new URL("../../deno.json", import.meta.url).pathname, script],
  }).output();
  assert.equal(new TextDecoder().decode(stdout).trim(), describe(spread).codeHash);
});

type Flawed = Definition<z.ZodObject, { agents: GroupDeclaration; things: GroupDeclaration }>;

/** A scenario with one thing wrong. */
function wrong(part: Partial<Flawed>): Scenario {
  const base: Flawed = {
    id: "test/wrong",
    maxCycles: 5,
    params: z.strictObject({}),
    world: () => particles({ agents: group("agent", 3), things: group("thing", 12, { fixed: true }) }),
    reset: (k) => {
      for (const e of k.entities) k.place(e, k.uniform2(-1, 1));
    },
    dynamics: particleStep,
    observe: (_, a) => a.pos,
    reward: () => 0,
  };
  return scenario({ ...base, ...part });
}

const MISTAKES: Readonly<Record<string, readonly [Partial<Flawed>, RegExp]>> = {
  "a JavaScript if on a comparison": [
    { reward: (_, a) => (a.pos.x.lt(0) ? 1 : 2) },
    /test\/wrong, in reward, costs or terminate: a comparison is never used.*k\.select/,
  ],
  "JavaScript arithmetic on a value": [
    { reward: (_, a) => (a.pos.x as unknown as number) * 2 },
    /in reward.*is not a JavaScript number: write a\.add\(b\)/,
  ],
  "a draw under a condition": [
    { dynamics: (k) => k.when(k.at(k.agents, 0).pos.x.lt(0), () => void k.uniform()) },
    /in dynamics: draw random numbers before k\.when/,
  ],
  "a draw in a reward": [{ reward: (k) => k.uniform() }, /draw random numbers in reset, dynamics or observe/],
  "a draw in k.once": [
    { observe: (k) => k.once("x", () => k.uniform()) },
    /draw random numbers before k\.once/,
  ],
  "k.once in dynamics": [{ dynamics: (k) => void k.once("x", () => k.num(1)) }, /k\.once\("x"\) in dynamics/],
  "state written while observing": [
    { observe: (k, a) => (k.place(a, a.pos), a.pos) },
    /pos is state: write it in reset or dynamics/,
  ],
  "a loop left early": [
    {
      reset: (k) => {
        for (const e of k.things) {
          k.place(e, k.uniform2());
          break;
        }
      },
    },
    /in reset: a loop over entities ends at its end/,
  ],
  "a group that does not exist": [
    { reward: (k) => k.group("agents").length },
    /no group "agents". Did you mean "agent"\?/,
  ],
};

for (const [name, [part, message]] of Object.entries(MISTAKES)) {
  Deno.test(`${name} is refused, and told how to do it`, () => {
    assert.throws(() => describe(wrong(part)), message);
  });
}

Deno.test("places are asked of particles only", () => {
  const world = () => plain({ agents: group("agent", 2), things: group("thing", 1) });
  const nowhere = wrong({ world, actions: { discrete: 2 }, reset: () => {}, dynamics: () => {} });
  assert.throws(() => describe(nowhere), /in observe.*there is no pos: use particles/);
  assert.throws(
    () => describe(wrong({ world, actions: { discrete: 2 }, reset: () => {}, observe: () => 0 })),
    /particleStep moves particles/,
  );
});

Deno.test("the types refuse JavaScript operators on values", () => {
  let seen = 0;
  const checked = wrong({
    reward: (_, a) => {
      const { x, y } = a.pos;
      // @ts-expect-error a Num is no number: x.lt(y)
      assert.throws(() => x < y, /k\.select/);
      // @ts-expect-error a Num is no number: x.add(y)
      assert.throws(() => x + y, /a\.add\(b\)/);
      seen++;
      return x;
    },
  });
  describe(checked);
  assert.equal(seen, 3);
});

import assert from "node:assert/strict";
import fc from "fast-check";
import { z } from "zod";
import { settings, UsageError, UserError } from "../../core/mod.ts";

const schema = z.object({
  gamma: z.number().min(0).max(1).default(0.99),
  clip: z.number().positive().default(0.2),
  epochs: z.int().min(1).default(4),
  critic: z.enum(["own", "joint"]).default("own"),
  network: z.object({
    hidden: z.array(z.int().positive()).max(4).default([64, 64]),
    bias: z.boolean().default(true),
  })
    .prefault({}),
  limits: z.record(z.string(), z.number()).optional(),
  rate: z.union([z.number(), z.strictObject({ from: z.number(), to: z.number() })]).optional(),
});

/** The message with which the settings are refused. */
function refusal(input: unknown, of: z.ZodObject = schema): string {
  try {
    settings(of, input, "mappo");
  } catch (error) {
    assert.ok(error instanceof UserError && !(error instanceof UsageError));
    return error.message;
  }
  throw new assert.AssertionError({ message: "expected a refusal" });
}

Deno.test("settings() fills in defaults and freezes to the leaves", () => {
  const found = settings(schema, { gamma: 0.9 }, "mappo");
  assert.deepEqual(found, {
    gamma: 0.9,
    clip: 0.2,
    epochs: 4,
    critic: "own",
    network: { hidden: [64, 64], bias: true },
  });
  for (const part of [found, found.network, found.network.hidden]) assert.ok(Object.isFrozen(part));
});

Deno.test("settings() leaves what the caller passed in unfrozen", () => {
  const input = { network: { hidden: [32] }, extra: { anything: [1] } };
  const found = settings(schema.extend({ extra: z.unknown() }), input, "mappo");
  assert.ok(
    !Object.isFrozen(input) && !Object.isFrozen(input.network.hidden) && !Object.isFrozen(input.extra),
  );
  assert.equal(found.extra, input.extra);
});

Deno.test("settings() answers a misspelt key with the near one and the whole list", () => {
  const all = "gamma, clip, epochs, critic, network, limits, rate";
  assert.equal(refusal({ gama: 0.9 }), `mappo has no setting "gama". Did you mean "gamma"? It has: ${all}`);
  assert.equal(refusal({ zzz: 1 }), `mappo has no setting "zzz". It has: ${all}`);
  assert.equal(
    refusal({ network: { hiden: [1] } }),
    `mappo.network has no setting "hiden". Did you mean "hidden"? It has: hidden, bias`,
  );
  assert.equal(
    refusal({ rate: { from: 1, too: 2 } }).split("\n")[0],
    `mappo.rate has no setting "too". Did you mean "to"? It has: from, to`,
  );
});

Deno.test("settings() names the field, the expectation and the value found", () => {
  assert.equal(refusal({ gamma: 1.5 }), "mappo.gamma: expected a number of at most 1, found 1.5");
  assert.equal(refusal({ gamma: "high" }), `mappo.gamma: expected a number, found "high"`);
  assert.equal(refusal({ gamma: NaN }), "mappo.gamma: expected a finite number, found NaN");
  assert.equal(refusal({ gamma: null }), "mappo.gamma: expected a number, found null");
  assert.equal(refusal({ clip: 0 }), "mappo.clip: expected a number of more than 0, found 0");
  assert.equal(refusal({ epochs: 2.5 }), "mappo.epochs: expected a whole number, found 2.5");
  assert.equal(
    refusal({ critic: "jont" }),
    `mappo.critic: expected one of "own", "joint", found "jont". Did you mean "joint"?`,
  );
  assert.equal(
    refusal({ network: { hidden: [1, 2, 3, 4, 5] } }),
    "mappo.network.hidden: expected at most 4 items, found [1,2,3,4,5]",
  );
  assert.equal(
    refusal({ network: { hidden: [8, -1] } }),
    "mappo.network.hidden.1: expected a number of more than 0, found -1",
  );
  assert.equal(
    refusal({ limits: { collision: "2" } }),
    `mappo.limits.collision: expected a number, found "2"`,
  );
  assert.equal(refusal(3), "mappo: expected an object, found 3");
});

Deno.test("settings() names a missing setting, and uses a message written into the schema", () => {
  assert.equal(refusal({}, z.object({ steps: z.int() })), "mappo.steps is missing: expected a number");
  const paired = z.object({ low: z.number(), high: z.number() }).refine(
    (o) => o.low < o.high,
    "low must lie below high",
  );
  assert.equal(refusal({ low: 2, high: 1 }, paired), "mappo: low must lie below high");
  const own = z.object({ steps: z.number().min(1, "one step at least") });
  assert.equal(refusal({ steps: 0 }, own), "mappo.steps: one step at least, found 0");
});

Deno.test("settings() lists every fault, a line each", () => {
  assert.equal(refusal({ gama: 1, clip: -1, epochs: 0 }).split("\n").length, 3);
});

Deno.test("settings() allows unknown keys only where the schema is loose", () => {
  assert.deepEqual(settings(z.looseObject({}), { any: 1 }, "x"), { any: 1 });
  assert.deepEqual(settings(z.object({}).catchall(z.number()), { any: 1 }, "x"), { any: 1 });
});

Deno.test("settings() accepts every object of its own making, and no object with another key", () => {
  const valid = fc.record({
    gamma: fc.double({ min: 0, max: 1, noNaN: true }),
    clip: fc.double({ min: 0.01, max: 10, noNaN: true }),
    epochs: fc.integer({ min: 1, max: 100 }),
    critic: fc.constantFrom("own", "joint"),
  }, { requiredKeys: [] });
  const fixed = { seed: 20240601, numRuns: 200 };
  fc.assert(
    fc.property(valid, (input) => {
      const once = settings(schema, input, "mappo");
      assert.deepEqual(settings(schema, once, "mappo"), once);
    }),
    fixed,
  );
  fc.assert(
    fc.property(valid, fc.string(), (input, key) => {
      fc.pre(!(key in schema.shape) && key !== "__proto__");
      assert.ok(
        refusal({ ...input, [key]: 1 }).startsWith(
          `mappo has no setting ${JSON.stringify(key)}`.slice(0, 40),
        ),
      );
    }),
    fixed,
  );
});

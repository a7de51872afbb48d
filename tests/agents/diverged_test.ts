/** What a training that has lost its numbers is told to set. */
import assert from "node:assert/strict";
import { Diverged, findAlgorithm } from "../../agents/mod.ts";
import { checkFinite } from "../../agents/diverged.ts";
import type { Learner } from "../../agents/types.ts";

const advised = (theta: string): string => {
  const policyState = { [theta]: Float32Array.of(NaN) };
  const learner = { policyState, state: policyState } as unknown as Learner;
  try {
    checkFinite(learner, {}, { name: "agent", update: 1, step: 10 });
  } catch (error) {
    assert.ok(error instanceof Diverged);
    return error.message;
  }
  throw new Error("a NaN passed");
};

Deno.test("a training that diverged names settings that its algorithm has", () => {
  const fields = (message: string) => message.match(/\w*[rR]ate\b|maxNorm/g)!;
  const actors = fields(advised("actor.theta"));
  assert.deepEqual(actors, ["actorRate", "criticRate", "maxNorm"]);
  const values = fields(advised("q.theta"));
  assert.deepEqual(values, ["rate", "maxNorm"]);
  const has = (name: string) => Object.keys(findAlgorithm(name).make({}).settings);
  for (const name of ["ippo", "mappo", "maddpg"]) {
    assert.ok(actors.every((it) => has(name).includes(it)), name);
  }
  for (const name of ["qmix", "pqn"]) assert.ok(values.every((it) => has(name).includes(it)), name);
});

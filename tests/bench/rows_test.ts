/** Benchmarks say their numbers plainly, whatever the outcome. */
import assert from "node:assert/strict";
import { median, race, repeat } from "../../bench/measure.ts";
import { ObjectSpread } from "../../bench/peers/object_spread.ts";
import { openPeer } from "../../bench/peers/python.ts";
import { line, row, skippedRow } from "../../bench/rows.ts";

const fields = {
  name: "spread",
  unit: "agent-steps/s",
  ours: 25e6,
  peerName: "MPE2",
  peerVersion: "1.1.1",
  bar: 1500,
};

Deno.test("line() says by how much we are faster, and that it is enough", () => {
  const text = line(row({ ...fields, peer: 10e3 }));
  assert.equal(
    text,
    "spread: 25.0 M agent-steps/s; MPE2 1.1.1: 10.0 k; 2500 x, at least 1500 x, as wanted",
  );
});

Deno.test("line() says when we are below the bar", () => {
  assert.match(line(row({ ...fields, peer: 25e3 })), /BELOW the bar of 1500 x$/);
});

Deno.test("line() says which peer was skipped, and why", () => {
  const { peerVersion: _, ...rest } = fields;
  const skipped = skippedRow({ ...rest, skipped: "no mpe2; install it" });
  assert.equal(line(skipped), "spread: 25.0 M agent-steps/s; MPE2 skipped: no mpe2; install it");
  assert.equal(skipped.ratio, null);
});

Deno.test("median() of an odd and of an even number of values", () => {
  assert.equal(median([3, 1, 2]), 2);
  assert.equal(median([4, 1, 3, 2]), 2.5);
});

Deno.test("race() takes turns and gives each contestant its median rate", async () => {
  const order: string[] = [];
  const contestant = (name: string, works: number[]) => () => {
    order.push(name);
    return { work: works.shift()!, seconds: 2 };
  };
  const rates = await race([contestant("a", [0, 10, 30, 20]), contestant("b", [0, 2, 4, 6])], {
    rounds: 3,
    seconds: 1,
    warmup: 1,
  });
  assert.deepEqual(rates, [10, 2]);
  assert.equal(order.join(""), "abababab");
});

Deno.test("repeat() works for about the CPU time asked for", async () => {
  let calls = 0;
  const { work, seconds } = await repeat(2, () => {
    for (let i = 0; i < 1000; i++) calls += 1 / 1000;
  })(0.02);
  assert.ok(seconds >= 0.02 && seconds < 1, `${seconds} s`);
  assert.equal(work, 2 * Math.round(calls));
});

Deno.test("openPeer() says what is missing where there is no interpreter", async () => {
  const before = Deno.env.get("PADDOCK_PYTHON");
  Deno.env.set("PADDOCK_PYTHON", "/nowhere/python3");
  try {
    const peer = await openPeer("mpe2_spread.py");
    assert.ok("missing" in peer);
    assert.match(peer.missing, /\/nowhere\/python3 .*requirements\.txt/);
  } finally {
    if (before === undefined) Deno.env.delete("PADDOCK_PYTHON");
    else Deno.env.set("PADDOCK_PYTHON", before);
  }
});

Deno.test("ObjectSpread pushes overlapping agents apart and charges both", () => {
  const peer = new ObjectSpread(2, 25);
  peer.place([{ x: 0, y: 0 }, { x: 0.1, y: 0 }], [{ x: 1, y: 1 }, { x: -1, y: 1 }]);
  const still = { agent_0: 0, agent_1: 0 };
  const { costs } = peer.step(still);
  assert.deepEqual(costs, { agent_0: 1, agent_1: 1 });
  // 100 · 1e-3 · softplus(200) = 20 along x, so a velocity of 20 · 0.1
  assert.ok(Math.abs(peer.agents[0]!.vel.x + 2) < 1e-9 && Math.abs(peer.agents[1]!.vel.x - 2) < 1e-9);
});

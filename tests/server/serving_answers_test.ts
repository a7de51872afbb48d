/** Exported policies served: the same numbers as in training, memories, and the models of a workspace. */
import assert from "node:assert/strict";
import { findAlgorithm } from "../../agents/mod.ts";
import { seed } from "../../core/mod.ts";
import { startHttp } from "../../server/http.ts";
import { liveModels } from "../../server/run/models.ts";
import { servingHandler } from "../../server/serving/handler.ts";
import { loadModel } from "../../server/serving/load.ts";
import { openWorkspace, writeWhole } from "../../server/workspace.ts";
import { findScenario, makeWorld } from "../../sim/mod.ts";
import { categorical, compileForward, mlp } from "../../tensor/mod.ts";
import { nodeRuntime } from "../../tensor/runtime/node.ts";
import { A, exported, net, O, theta } from "./serving_exported.ts";

const runtime = nodeRuntime();

interface Answer {
  outputs: { name: string; shape: number[]; data: number[] }[];
}

Deno.test("an exported policy answers over HTTP with the numbers it has in training", async () => {
  const forward = compileForward({
    runtime,
    inputs: { theta: { shape: [net.size] }, obs: { shape: [3, O] } },
    fn: (x) => ({ logits: categorical(mlp(net.unpack(x.theta!), "pi", x.obs!)).logits }),
  });
  const rows = Float32Array.from({ length: 3 * O }, (_, i) => Math.fround(((i * 7) % 11) / 5 - 1));
  const expected = forward.run({ theta, obs: rows }).logits!.data;

  const models = [
    loadModel(runtime, exported("discrete"), "d", "d.onnx"),
    loadModel(runtime, exported("continuous"), "c", "c.onnx"),
  ];
  const server = await startHttp({ port: 0, handler: servingHandler({ models }) });
  try {
    const about = await (await fetch(`${server.url}/v2/models/d`)).json();
    assert.deepEqual(about.parameters.metadata, { scenario: '"safe/crossing"', channels: '["contact"]' });
    assert.deepEqual(
      about.inputs.map((input: { name: string; shape: number[] }) => [input.name, input.shape]),
      [
        ["obs", [-1, O]],
        ["mask", [-1, A]],
        ["noise", [-1, A]],
      ],
    );
    const infer = async (
      model: string,
      shape: number[],
      data: Iterable<number>,
      more = {},
    ): Promise<Answer> => {
      const body = JSON.stringify({
        inputs: [{ name: "obs", datatype: "FP32", shape, data: [...data] }],
        ...more,
      });
      const headers = { "content-type": "application/json" };
      const response = await fetch(`${server.url}/v2/models/${model}/infer`, {
        method: "POST",
        headers,
        body,
      });
      assert.equal(response.status, 200);
      return await response.json();
    };
    const [action, logits] = (await infer("d", [3, O], rows)).outputs;
    assert.deepEqual([action!.name, action!.shape, logits!.shape], ["action", [3], [3, A]]);
    assert.deepEqual(Float32Array.from(logits!.data), expected);
    for (let row = 0; row < 3; row++) {
      const of = logits!.data.slice(row * A, (row + 1) * A);
      assert.equal(action!.data[row], of.indexOf(Math.max(...of)));
      const alone = (await infer("d", [1, O], rows.subarray(row * O, (row + 1) * O))).outputs;
      assert.deepEqual(alone[1]!.data, of, "a row is the same alone and in a batch");
    }
    const stochastic = { parameters: { stochastic: true, seed: 5 } };
    const many = Array.from({ length: 200 * O }, () => 0.3);
    const drawn = (await infer("d", [200, O], many, stochastic)).outputs[0]!.data;
    assert.ok(new Set(drawn).size > 1, "a stochastic policy stays stochastic");
    assert.deepEqual((await infer("d", [200, O], many, stochastic)).outputs[0]!.data, drawn);

    const [mode, mean] = (await infer("c", [2, O], rows.subarray(0, 2 * O))).outputs;
    assert.deepEqual(mode, { ...mean, name: "action" });
    const sampled = (await infer("c", [2, O], rows.subarray(0, 2 * O), stochastic)).outputs[0]!;
    assert.ok(
      sampled.data.every((value, i) => value !== mode!.data[i] && Math.abs(value - mode!.data[i]!) < 6),
    );
  } finally {
    await server.close(100);
    forward.dispose();
    for (const model of models) model.session.dispose();
  }
});

Deno.test("a policy with a memory, told who it is, begins where hidden is left out and goes on from hidden_next", async () => {
  const { spec } = makeWorld(findScenario("mpe/simple_spread_v3"));
  const group = spec.groups[0]!;
  const player = findAlgorithm("mappo").make({ memory: 3, hidden: [4], horizon: 10, agentIds: true })
    .player({ spec, group, runtime, stream: seed(1) });
  const agents = JSON.stringify(group.members.map((n) => spec.agents[n]));
  const model = loadModel(runtime, player.export({ agents }), "m", "m.onnx");
  const handler = servingHandler({ models: [model] });
  const own = spec.observationSizes[0]!;
  const send = (inputs: unknown[]) =>
    handler(
      new Request("http://127.0.0.1/v2/models/m/infer", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ inputs }),
      }),
    );
  const about = await (await handler(new Request("http://127.0.0.1/v2/models/m"))).json();
  const inputs = Object.fromEntries(about.inputs.map((it: { name: string }) => [it.name, it]));
  assert.deepEqual(inputs.agent, { name: "agent", datatype: "INT32", shape: [-1] });
  assert.deepEqual(inputs.hidden.parameters, { optional: true, default: 0 });
  assert.ok(about.outputs.some((it: { name: string }) => it.name === "hidden_next"));

  const rows = 3;
  const obs = Float32Array.from({ length: rows * own }, (_, i) => Math.fround(Math.sin(i)));
  const seen = { name: "obs", datatype: "FP32", shape: [rows, own], data: [...obs] };
  const who = (data: number[], datatype = "INT64") => ({ name: "agent", datatype, shape: [rows], data });
  const policy = player.policy(true);
  const hidden = new Float32Array(rows * 3);
  const member = Int32Array.of(2, 0, 1);
  const mask = new Uint8Array(rows * spec.actionSizes[0]!).fill(1);
  let last: { name: string; shape: number[]; data: number[] } | undefined;
  for (let step = 0; step < 2; step++) {
    const response = await send([seen, who([...member]), ...last ? [{ ...last, name: "hidden" }] : []]);
    assert.equal(response.status, 200);
    const { outputs } = await response.json();
    last = outputs.find((it: { name: string }) => it.name === "hidden_next");
    policy.act({ rows, obs, mask, hidden, member, streams: [] }, new Int32Array(rows));
    last!.data.forEach((x, i) => assert.ok(Math.abs(x - hidden[i]!) < 1e-6, `step ${step}: ${i}`));
  }
  for (
    const [bad, error] of [
      [
        who([0, 1, 3]),
        /agent.*element 2: expected a whole number in \[0, 2\], for agent_0, agent_1, agent_2, found 3/,
      ],
      [who([0, 2 ** 40, 1]), /element 1: expected a whole number/],
      [who([0, 1, 2], "FP32"), /datatype: expected .*INT32/],
    ] as const
  ) {
    const response = await send([seen, bad]);
    assert.equal(response.status, 400);
    assert.match((await response.json()).error, error);
  }
  model.session.dispose();
});

/** Waits: the list of models holds for a second. */
async function after(ms: number): Promise<void> {
  await new Promise((resume) => setTimeout(resume, ms));
}

Deno.test("runs serve their policy, each group's where there are several, and what is exported later", async () => {
  const root = await Deno.makeTempDir();
  try {
    const workspace = openWorkspace(root);
    const make = (name: string) => {
      const run = workspace.create({ scenario: "safe/crossing", algorithm: "mappo", constraint: null, name });
      writeWhole(`${run.path}/config.json`, "{}");
      return run;
    };
    const [solo, pack, clash] = [make("solo"), make("pack"), make("pack.wolf")];
    const [discrete, continuous] = [exported("discrete"), exported("continuous")];
    writeWhole(pack.policyPath("sheep"), continuous);
    writeWhole(pack.policyPath("wolf"), discrete);
    writeWhole(clash.policyPath(), discrete);
    writeWhole(solo.policyPath(), discrete.slice(0, 100));
    const notes: string[] = [];
    const models = liveModels(workspace, runtime, (line) => notes.push(line));
    const outputs = async (name: string) => {
      const response = await models.handler(new Request(`http://127.0.0.1/v2/models/${name}`));
      const { outputs = [] } = await response.json();
      return outputs.map((output: { name: string }) => output.name);
    };
    assert.deepEqual(models.names(), ["pack.sheep", "pack.wolf"]);
    assert.deepEqual(await outputs("pack.sheep"), ["action", "mean"]);
    assert.deepEqual(await outputs("pack.wolf"), ["action", "logits"]);
    assert.equal(notes.length, 2);
    assert.match(notes[0]!, /not served: .*pack\.wolf.policy\.onnx: there is another model pack\.wolf/);
    assert.match(notes[1]!, /not served: .*solo.policy\.onnx: /);

    writeWhole(solo.policyPath(), continuous);
    Deno.removeSync(pack.policyPath("wolf"));
    await after(1100);
    assert.deepEqual(models.names(), ["pack.sheep", "solo"]);
    assert.deepEqual(await outputs("solo"), ["action", "mean"]);
    assert.deepEqual(await outputs("pack.wolf"), []);
    assert.equal(notes.length, 2, "what cannot be served is said once");
  } finally {
    await Deno.remove(root, { recursive: true });
  }
});

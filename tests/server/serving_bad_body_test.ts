/** Bodies of inference requests that are no JSON, no request of the protocol, or no tensors of the model. */
import assert from "node:assert/strict";
import { goesOn, mask, obs, one, refused, send } from "./serving_bad.ts";
import { A } from "./serving_fake.ts";

const without = (key: string) => Object.fromEntries(Object.entries(obs()).filter(([name]) => name !== key));
const element = (json: string) =>
  `{"inputs":[{"name":"obs","datatype":"FP32","shape":[1,4],"data":[1,2,3,${json}]}]}`;
const noise = { name: "noise", datatype: "FP32", shape: [1, A], data: [0, 0, 0] };
const asked = (outputs: unknown) => JSON.stringify({ inputs: [obs()], outputs });
const parameters = (value: unknown) => JSON.stringify({ inputs: [obs()], parameters: value });
const typed = (name: "f" | "i" | "b", json: string) => {
  const data = { f: "[0,0]", i: "[0,0,0,0]", b: "[0,0]", [name]: json };
  return `{"inputs":[{"name":"f","datatype":"FP32","shape":[2],"data":${data.f}},
    {"name":"i","datatype":"INT32","shape":[2,2],"data":${data.i}},
    {"name":"b","datatype":"BOOL","shape":[1,2],"data":${data.b}}]}`;
};

/** name: body, status, what the error says, model */
const BODIES: Record<string, [body: BodyInit, status: number, error: RegExp, model?: string]> = {
  "empty": ["", 400, /empty/],
  "not JSON": ["{", 400, /not JSON/],
  "null": ["null", 400, /the body: expected an object, found null/],
  "an array": ["[]", 400, /expected an object, found an array/],
  "a number": ["5", 400, /expected an object, found 5/],
  "a string": ['"inputs"', 400, /expected an object/],
  "no inputs": ["{}", 400, /inputs: expected an array, found nothing/],
  "two values": ["{}{}", 400, /not JSON/],
  "invalid UTF-8": [Uint8Array.of(0x22, 0xff, 0xfe, 0x22), 400, /not JSON in UTF-8/],
  "UTF-16": [Uint8Array.of(0x7b, 0, 0x7d, 0), 400, /not JSON/],
  "a byte order mark": ["\ufeff{}", 400, /not JSON/],
  "NaN token": [element("NaN"), 400, /not JSON/],
  "Infinity token": [element("-Infinity"), 400, /not JSON/],
  "hexadecimal": [element("0x10"), 400, /not JSON/],
  "inputs an object": ['{"inputs":{}}', 400, /inputs: expected an array, found an object/],
  "inputs empty": ['{"inputs":[]}', 400, /at least one tensor/],
  "inputs [null]": ['{"inputs":[null]}', 400, /inputs\[0\]: expected an object, found null/],
  "inputs too many": [JSON.stringify({ inputs: Array(65).fill(obs()) }), 400, /at most 64 entries/],
  "name missing": [
    JSON.stringify({ inputs: [without("name")] }),
    400,
    /name: expected a string, found nothing/,
  ],
  "name unknown": [
    one({ name: "observation" }),
    400,
    /no input "observation"; the model has: obs, mask, noise/,
  ],
  "name a number": [one({ name: 5 }), 400, /name: expected a string, found 5/],
  "name huge": [one({ name: "x".repeat(100_000) }), 400, /at most 128 characters/],
  "name __proto__": [one({ name: "__proto__" }), 400, /no input "__proto__"/],
  "name constructor": [one({ name: "constructor" }), 400, /no input "constructor"/],
  "name twice": [JSON.stringify({ inputs: [obs(), obs()] }), 400, /"obs" is given twice/],
  "obs missing": [JSON.stringify({ inputs: [mask({})] }), 400, /input "obs" is missing/],
  "datatype wrong": [one({ datatype: "INT32" }), 400, /datatype: expected "FP32", found "INT32"/],
  "datatype FP16": [one({ datatype: "FP16" }), 400, /datatype/],
  "datatype unknown": [one({ datatype: "FLOAT" }), 400, /datatype/],
  "datatype lower case": [one({ datatype: "fp32" }), 400, /datatype/],
  "datatype missing": [JSON.stringify({ inputs: [without("datatype")] }), 400, /found nothing/],
  "datatype BYTES": [one({ datatype: "BYTES", data: ["a", "b", "c", "d"] }), 400, /datatype/],
  "shape missing": [JSON.stringify({ inputs: [without("shape")] }), 400, /shape: expected an array/],
  "shape a string": [one({ shape: "1,4" }), 400, /shape: expected an array/],
  "shape of strings": [one({ shape: ["1", "4"] }), 400, /whole numbers above 0, found "1"/],
  "shape negative": [one({ shape: [-1, 4] }), 400, /found -1/],
  "shape zero": [one({ shape: [0, 4], data: [] }), 400, /found 0/],
  "shape fractional": [one({ shape: [1.5, 4] }), 400, /found 1\.5/],
  "shape 1e30": [one({ shape: [1e30, 4] }), 400, /found 1e\+30/],
  "shape above 2^53": [one({ shape: [9007199254740993, 4] }), 400, /found 9007199254740992/],
  "shape product overflows": [one({ shape: [2 ** 52, 4] }), 400, /batch may be 1024 at most/],
  "shape null": [one({ shape: [null, 4] }), 400, /found null/],
  "shape nested": [one({ shape: [[1], 4] }), 400, /found an array/],
  "shape of wrong rank": [one({ shape: [4] }), 400, /expected shape \[batch, 4\], found \[4\]/],
  "shape empty": [one({ shape: [] }), 400, /expected shape/],
  "shape of 10,000 axes": [one({ shape: Array(10_000).fill(1) }), 400, /at most 16 entries/],
  "width wrong": [
    one({ shape: [1, 3], data: [1, 2, 3] }),
    400,
    /expected shape \[batch, 4\], found \[1, 3\]/,
  ],
  "transposed": [one({ shape: [4, 1] }), 400, /expected shape/],
  "batches differ": [
    JSON.stringify({ inputs: [obs(), mask({ shape: [2, A] })] }),
    400,
    /batch is 2 here and 1/,
  ],
  "batch over the cap": [
    one({ shape: [1025, 4], data: Array(4100).fill(0) }),
    400,
    /1024 at most, found 1025/,
  ],
  "data missing": [
    JSON.stringify({ inputs: [without("data")] }),
    400,
    /data: expected an array, found nothing/,
  ],
  "data a string": [one({ data: "AAAA" }), 400, /data: expected an array/],
  "data an object": [one({ data: { 0: 1, length: 4 } }), 400, /data: expected an array/],
  "too few elements": [one({ data: [1, 2, 3] }), 400, /has 4 elements, data has 3/],
  "too many elements": [one({ data: [1, 2, 3, 4, 5] }), 400, /has 4 elements, data has 5/],
  "no elements": [one({ data: [] }), 400, /data has 0/],
  "element null": [element("null"), 400, /element 3: expected a finite float32 number, found null/],
  "element a string": [element('"4"'), 400, /element 3: .*found "4"/],
  "element true": [element("true"), 400, /element 3: .*found true/],
  "element 1e999": [element("1e999"), 400, /element 3: .*found Infinity/],
  "element -1e999": [element("-1e999"), 400, /element 3: .*found -Infinity/],
  "element beyond float32": [element("1e39"), 400, /element 3: .*found 1e\+39/],
  "element an object": [element("{}"), 400, /found an object/],
  "element an array": [element("[4]"), 400, /found an array/],
  "nested too flat": [one({ data: [[1, 2, 3, 4], 5] }), 400, /data has 2 entries along axis 0/],
  "nested ragged": [one({ shape: [2, 4], data: [[1, 2, 3, 4], [1, 2, 3]] }), 400, /3 entries along axis 1/],
  "nested and flat": [one({ shape: [2, 4], data: [[1, 2, 3, 4], 5] }), 400, /expected arrays, found 5/],
  "nested too deep": [one({ data: [[[1], [2], [3], [4]]] }), 400, /element 0: .*found an array/],
  "data nested 5,000 deep": [element("[".repeat(5000) + "]".repeat(5000)), 400, /found an array/],
  "200,000 arrays deep": ["[".repeat(200_000) + "]".repeat(200_000), 400, /expected an object|not JSON/],
  "200,000 objects deep": [
    '{"inputs":'.repeat(200_000) + "1" + "}".repeat(200_000),
    400,
    /expected an array|not JSON/,
  ],
  "an unclosed million": ["[".repeat(1_000_000), 400, /not JSON/],
  "__proto__ above": ['{"__proto__":{"inputs":[]},"inputs":[]}', 400, /"__proto__" is no key/],
  "__proto__ in an input": ['{"inputs":[{"__proto__":{"name":"obs"}}]}', 400, /"__proto__" is no key/],
  "__proto__ in parameters": [
    '{"inputs":[],"parameters":{"__proto__":{"seed":1}}}',
    400,
    /"__proto__" is no key/,
  ],
  "id a number": [JSON.stringify({ id: 5, inputs: [obs()] }), 400, /id: expected a string, found 5/],
  "id an object": [
    JSON.stringify({ id: {}, inputs: [obs()] }),
    400,
    /id: expected a string, found an object/,
  ],
  "id null": ['{"id":null}', 400, /id: expected a string, found null/],
  "id of a megabyte": [
    JSON.stringify({ id: "x".repeat(1 << 20), inputs: [obs()] }),
    400,
    /id: expected at most 256/,
  ],
  "outputs an object": [asked({}), 400, /outputs: expected an array/],
  "output unknown": [asked([{ name: "value" }]), 400, /no output "value"; the model has: action, logits/],
  "output twice": [asked([{ name: "action" }, { name: "action" }]), 400, /asked for twice/],
  "output null": [asked([null]), 400, /outputs\[0\]: expected an object/],
  "output without a name": [asked([{}]), 400, /outputs\[0\]\.name/],
  "100,000 outputs": [asked(Array(100_000).fill({ name: "action" })), 400, /at most 64 entries/],
  "output as binary": [asked([{ name: "action", parameters: { ["binary_data"]: true } }]), 400, /binary/],
  "output of classes": [
    asked([{ name: "action", parameters: { classification: 3 } }]),
    400,
    /"classification" is not/,
  ],
  "parameters an array": [parameters([]), 400, /parameters: expected an object/],
  "parameter unknown": [parameters({ stocastic: true }), 400, /did you mean "stochastic"\?/],
  "sequence_id": [parameters({ ["sequence_id"]: 1 }), 400, /"sequence_id" is not offered/],
  "binary outputs": [parameters({ ["binary_data_output"]: true }), 400, /binary/],
  "stochastic a string": [parameters({ stochastic: "true" }), 400, /expected true or false/],
  "seed alone": [parameters({ seed: 1 }), 400, /has an effect with "stochastic": true only/],
  "seed negative": [parameters({ stochastic: true, seed: -1 }), 400, /seed: expected a whole number/],
  "seed fractional": [parameters({ stochastic: true, seed: 0.5 }), 400, /seed/],
  "seed above 2^53": [parameters({ stochastic: true, seed: 2 ** 53 }), 400, /seed/],
  "seed a string": [parameters({ stochastic: true, seed: "1" }), 400, /seed/],
  "seed null": [parameters({ stochastic: true, seed: null }), 400, /seed/],
  "noise given and drawn": [
    JSON.stringify({ inputs: [obs(), noise], parameters: { stochastic: true } }),
    400,
    /brings its own noise/,
  ],
  "an input's parameters": [
    one({ parameters: { ["binary_data_size"]: 16 } }),
    400,
    /"binary_data_size" is not/,
  ],
  "shared memory": [one({ parameters: { ["shared_memory_region"]: "x" } }), 400, /not offered/],
  "mask closes all": [
    JSON.stringify({ inputs: [obs(), mask({ data: [0, 0, 0] })] }),
    400,
    /row 0 allows no action/,
  ],
  "mask not 0 or 1": [
    JSON.stringify({ inputs: [obs(), mask({ data: [1, 0.5, 0] })] }),
    400,
    /expected 0 or 1/,
  ],
  "INT32 fractional": [typed("i", "[0,0,0,0.5]"), 400, /element 3: expected a whole number/, "types"],
  "INT32 too large": [typed("i", "[0,0,0,2147483648]"), 400, /element 3/, "types"],
  "INT32 9007199254740993": [typed("i", "[0,0,0,9007199254740993]"), 400, /element 3/, "types"],
  "INT32 true": [typed("i", "[0,0,0,true]"), 400, /found true/, "types"],
  "BOOL 2": [typed("b", "[0,2]"), 400, /element 1: expected true or false, found 2/, "types"],
  "BOOL a string": [typed("b", '[0,"true"]'), 400, /element 1/, "types"],
  "noise where there is none": [
    typed("f", "[0,0]").replace("{", '{"parameters":{"stochastic":true},'),
    400,
    /no noise input/,
    "types",
  ],
};

Deno.test("every bad body is a 4xx that says what to change, and the server goes on", async () => {
  for (const [name, [body, status, pattern, model = "crossing"]] of Object.entries(BODIES)) {
    await refused(await send({ model, body }), status, pattern, name);
  }
  await goesOn();
});

Deno.test("every prefix and every changed byte of a good body is answered, never with a 5xx", async () => {
  const good = new TextEncoder().encode(JSON.stringify({ id: "a", inputs: [obs(), mask({})] }));
  const bytes = ['"', "[", "]", "{", "}", ",", ":", "\\", "\0", "-", "9", "e", "\xff"].map((c) =>
    c.charCodeAt(0)
  );
  for (let i = 0; i < good.length; i++) {
    await refused(await send({ body: good.slice(0, i) }), 400, /./, `prefix ${i}`);
    const changed = good.slice();
    changed[i] = bytes[i % bytes.length]!;
    const { status } = await send({ body: changed });
    assert.ok(status === 200 || status === 400, `byte ${i}: ${status}`);
  }
  await goesOn();
});

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { Command } from "commander";
import * as z from "zod";
import { UsageError, UserError } from "../../core/mod.ts";
import {
  addFlags,
  choice,
  flagName,
  pairs,
  readFlags,
  text,
  toggle,
  usage,
  whole,
} from "../../server/cli/flags.ts";
import { bytes, count, duration, listed, number, percent, table } from "../../server/cli/format.ts";
import { headline } from "../../server/cli/progress.ts";
import { parseLimits, parsePairs, parseRealism, parseValue } from "../../server/cli/values.ts";
import { commands } from "../../server/commands/mod.ts";
import { paddock } from "../commands/command.ts";

Deno.test("parseValue() reads numbers, truths, JSON and text", () => {
  const cases: [string, unknown][] = [
    ["1e6", 1e6],
    ["-0.5", -0.5],
    [".5", 0.5],
    ["100_000", 100_000],
    ["true", true],
    ["null", null],
    ["[64,64]", [64, 64]],
    ['{"a":[1]}', { a: [1] }],
    ['"7"', "7"],
    ["joint", "joint"],
    ["1e6x", "1e6x"],
    ["", ""],
  ];
  for (const [text, value] of cases) assert.deepEqual(parseValue(text, "--x"), value, text);
  assert.throws(() => parseValue("[64,", "--x"), /^UsageError: --x: \[64, is not JSON/);
});

Deno.test("parsePairs() keeps what stands behind the first =", () => {
  assert.deepEqual(parsePairs("--set", ["a=1", "b=x=y", "c=[1]"]), { a: 1, b: "x=y", c: [1] });
  assert.throws(() => parsePairs("--set", ["gamma"]), new UsageError("--set gamma: expected NAME=VALUE"));
  assert.throws(() => parsePairs("--set", ["=3"]), UsageError);
  assert.throws(() => parsePairs("--set", ["a=1", "hidden=[64,64"]), /--set hidden: \[64,64 is not JSON/);
});

Deno.test("a name that is given twice is refused: one of its values would be dropped", () => {
  assert.throws(
    () => parsePairs("--param", ["N=1", "b=2", "N=3"]),
    new UsageError("--param N is given more than once (1, 3): leave one"),
  );
  assert.throws(
    () => parseLimits(["contact=2", "contact=rate:0.1"]),
    /--limit contact is given more than once/,
  );
});

Deno.test("parseRealism() reads the number of each flaw, or all its options, in order", () => {
  assert.deepEqual(parseRealism(["observationDelay=1", "sensorNoise=[0.1,0]", "observationDelay=2"]), {
    realism: [
      { observationDelay: { steps: 1 } },
      { sensorNoise: { deviation: [0.1, 0] } },
      { observationDelay: { steps: 2 } },
    ],
  });
  assert.deepEqual(parseRealism(['actuationDelay={"steps":3,"random":true}']), {
    realism: [{ actuationDelay: { steps: 3, random: true } }],
  });
  assert.throws(
    () => parseRealism(["sensorNoise=abc"]),
    /--realism sensorNoise: expected a number \(its deviation\), .* found abc/,
  );
});

Deno.test("listed() tells ten names, and how many it leaves out", () => {
  const names = Array.from({ length: 12 }, (_, i) => `r${i}`);
  assert.equal(listed(names.slice(0, 10)), "r0, r1, r2, r3, r4, r5, r6, r7, r8, r9");
  assert.equal(listed(names), "r0, r1, r2, r3, r4, r5, r6, r7, r8, r9 and 2 more");
  assert.equal(listed(names.slice(0, 3), 1), "r0 and 2 more");
});

Deno.test("parseLimits() reads a number, or a kind and a number", () => {
  assert.deepEqual(parseLimits(["contact=2", "centre=rate:0.1"]), [
    { channel: "contact", limit: 2 },
    { channel: "centre", limit: 0.1, kind: "rate" },
  ]);
  assert.throws(() => parseLimits(["contact=-1"]), UsageError);
  assert.throws(() => parseLimits(["contact=often:2"]), /no kind of limit "often"/);
});

const flags = z.strictObject({
  steps: whole(1, "how many").default(1_000_000),
  actions: choice(["discrete", "continuous"], "kind").optional(),
  name: text("name", "what it is called").optional(),
  set: pairs("settings"),
  json: toggle("for machines"),
  open: z.boolean().default(true).meta({ description: "do not open" }),
});

/** What `readFlags` makes of a command line. */
function parsed(...args: string[]) {
  const command = new Command("x").exitOverride().configureOutput({ writeErr: () => {} });
  addFlags(command, flags);
  command.parse(args, { from: "user" });
  return readFlags(flags, command.opts());
}

Deno.test("flags are declared once: defaults, values, negation and lists come from their schema", () => {
  assert.deepEqual(parsed(), { steps: 1_000_000, set: [], json: false, open: true });
  assert.deepEqual(
    parsed("--steps", "1e3", "--name", "7", "--set", "a=1", "b=2", "--set", "c=3", "--no-open", "--json"),
    { steps: 1000, name: "7", set: ["a=1", "b=2", "c=3"], json: true, open: false },
  );
  assert.equal(flagName("checkpointEvery"), "--checkpoint-every");
});

Deno.test("a bad flag value names flag, expectation and what was found, and is bad usage", () => {
  assert.throws(
    () => parsed("--steps", "0"),
    new UsageError("--steps: expected a number of at least 1, found 0"),
  );
  assert.throws(() => parsed("--steps", "many"), UsageError);
  assert.throws(() => parsed("--steps", "[1"), /--steps: \[1 is not JSON/);
  assert.throws(() => parsed("--actions", "discret"), /Did you mean "discrete"\?/);
  assert.throws(() => usage(() => assert.fail("no UserError")), assert.AssertionError);
  assert.throws(() =>
    usage(() => {
      throw new UserError("wrong");
    }), new UsageError("wrong"));
});

Deno.test("numbers are printed as people read them", () => {
  assert.deepEqual([0, 12.3456, 0.00123456, 123456.7, NaN].map(number), [
    "0",
    "12.35",
    "0.001235",
    "123,457",
    "–",
  ]);
  assert.deepEqual([count(1234567), percent(0.1234), bytes(812), bytes(14_230)], [
    "1,234,567",
    "12.3 %",
    "812 B",
    "14.2 kB",
  ]);
  assert.deepEqual([8.4, 65, 7380, Infinity].map(duration), ["8 s", "1:05", "2:03:00", "–"]);
  assert.deepEqual(table([["a", "bb"], ["ccc", "d"]]), ["a    bb", "ccc  d"]);
});

Deno.test("headline() shows return, each cost against its limit, and its multiplier", () => {
  const metrics = {
    "episode/return": 1.5,
    "cost/contact": 3,
    "limit/contact": 2,
    "constraint/lambda/contact": 0.25,
  };
  assert.equal(headline(metrics), "return 1.5  contact 3/2 λ 0.25");
  assert.equal(headline({ "cost/free": 1 }), "free 1");
});

Deno.test("every command has help with an example, and --json", () => {
  for (const { name, summary, examples, flags } of commands) {
    assert.ok(summary.length > 0 && examples.length > 0, name);
    assert.ok("json" in flags.shape, name);
    for (const example of examples) assert.ok(example.startsWith(`paddock ${name}`), example);
    for (const [flag, schema] of Object.entries(flags.shape)) {
      assert.ok(
        schema.description ?? (schema as z.ZodDefault<z.ZodType>).def.innerType?.description,
        `${name} ${flag}`,
      );
    }
  }
});

Deno.test("without arguments and with --help paddock shows its help, and ends with 0", async () => {
  const [bare, help, train] = await Promise.all([
    paddock([]),
    paddock(["--help"]),
    paddock(["train", "--help"]),
  ]);
  assert.equal(bare.code, 0);
  assert.match(bare.out, /Usage: paddock/);
  assert.deepEqual(help, bare);
  assert.match(train.out, /Examples:\n {2}deno task paddock train/);
  assert.equal(train.code, 0);
});

Deno.test("paddock help tells of a command, and of itself", async () => {
  const [train, asked, itself] = await Promise.all([
    paddock(["train", "--help"]),
    paddock(["help", "train"]),
    paddock(["help", "help"]),
  ]);
  assert.deepEqual(asked, train);
  assert.equal(itself.code, 0);
  assert.match(itself.out, /Usage: paddock/);
});

/** Command lines that are not understood, and what is said about each. */
const misspelt: [string, RegExp][] = [
  ["trian", /unknown command 'trian'. Did you mean train\?/],
  ["help trian", /no command "trian". Did you mean "train"\?/],
  [
    "train --scenario safe/crossing --algorithm mappo --realism observationDelay=1.5",
    /observationDelay\.steps: expected a whole number from 0 to 1000, found 1\.5/,
  ],
  ["train --stpes 5", /unknown option '--stpes'. Did you mean --steps\?/],
  [
    "train --scenario safe/crosing --algorithm mappo",
    /no scenario "safe\/crosing". Did you mean "safe\/crossing"\?/,
  ],
  ["train --scenario safe/crossing --algorithm mapo", /no algorithm "mapo". Did you mean "mappo"\?/],
  [
    "train --scenario safe/crossing --algorithm mappo --constraint lagrange",
    /no constraint "lagrange". Did you mean "lagrangian"\?/,
  ],
  [
    "train --scenario safe/crossing --algorithm mappo --set gama=1",
    /mappo has no setting "gama". Did you mean "gamma"\?/,
  ],
  ["train --scenario safe/crossing --algorithm mappo --param n=4", /has no setting "n"/],
  [
    "train --scenario safe/crossing --algorithm mappo --limit contct=1",
    /no cost channel "contct". Did you mean "contact"\?/,
  ],
  ["train --scenario ./missing.ts --algorithm mappo", /there is no scenario file .*missing\.ts/],
  ["train --resume nothing --seed 4", /leave out --seed/],
  ["evaluate --policy scriptd --scenario safe/crossing", /no policy "scriptd". Did you mean "scripted"\?/],
  ["evaluate nothing", /there is no run "nothing"/],
  ["list scenrios", /no list of "scenrios". Did you mean "scenarios"\?/],
  ["verify", /verify needs <file\.\.\.>: /],
  ["list", /list needs <shelf>: scenarios, algorithms, constraints, runs/],
];

Deno.test("what is not understood ends with 2 and names the nearest", async () => {
  for (const [line, message] of misspelt) {
    const { code, out, err } = await paddock([...line.split(" "), "--json"]);
    assert.equal(code, 2, line);
    assert.match(err, message);
    assert.match(JSON.parse(out).error, message);
    assert.doesNotMatch(err, /\n\s+at /, "no stack");
  }
});

Deno.test("a server that may listen here only says how to let it listen elsewhere", async () => {
  const main = fileURLToPath(new URL("../../main.ts", import.meta.url));
  const rights = ["read", "write", "env", "sys", "ffi", "run", "net=127.0.0.1"].map((right) =>
    `--allow-${right}`
  );
  const folder = await Deno.makeTempDir();
  const line = ["dashboard", "--runs", folder, "--host", "0.0.0.0", "--port", "0", "--no-open"];
  try {
    const { code, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "--no-check", "--no-prompt", ...rights, main, ...line],
    }).output();
    assert.equal(code, 1);
    assert.match(
      new TextDecoder().decode(stderr),
      /may listen on 127\.0\.0\.1 only.*deno run -A main\.ts\n$/,
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

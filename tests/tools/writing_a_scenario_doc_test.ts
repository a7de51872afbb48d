/** docs/writing-a-scenario.md: its example works, its messages are those that are said, its tables name the whole language. */
import assert from "node:assert/strict";
import { loadScenario } from "../../server/run.ts";
import {
  type Entity,
  group,
  type Kernel,
  makeWorld,
  particles,
  type Scenario,
  scenario,
} from "../../sim/mod.ts";
import { root } from "../../tools/run.ts";
import { cases, CHECKS, made, play, streams } from "../conformance/worlds.ts";

const page = await Deno.readTextFile(new URL("docs/writing-a-scenario.md", root));
const example = await loadExample();

/** The page's literal, loaded as a file of its reader's would be. */
async function loadExample(): Promise<Scenario> {
  const source = /```ts\n([\s\S]*?)```/.exec(page)?.[1];
  assert.ok(source);
  const file = new URL(`harbour_${crypto.randomUUID()}.ts`, root);
  await Deno.writeTextFile(file, source);
  try {
    return (await loadScenario(file.pathname)).scenario;
  } finally {
    await Deno.remove(file);
  }
}

for (const params of [{}, { N: 12, reefs: 0 }]) {
  for (const it of cases(example, { params })) {
    for (const [name, check] of Object.entries(CHECKS)) Deno.test(`${it.name}: ${name}`, () => check(it));
  }
}

Deno.test("the example's boats burn fuel, get home, run aground and ram each other", () => {
  const [discrete] = cases(example, { params: { N: 6, wind: 0 } });
  const world = made(discrete!, { envs: 64 });
  const own = streams(64);
  const seen = { home: 0, aground: 0, rammed: 0 };
  for (let t = 0; t < 60; t++) {
    play(world, own);
    for (let row = 0; row < world.actions.length; row += 2) world.actions[row] = 4; // every other one sails north
    world.step();
    seen.home += world.terminated.reduce((sum, flag) => sum + flag, 0);
    for (let env = 0; env < 64; env++) {
      seen.aground += world.channelCost[2 * env]!;
      seen.rammed += world.channelCost[2 * env + 1]!;
    }
    if (t === 30) assert.ok(world.columns.fuel!.data.some((fuel) => fuel === 0 || fuel < 0.2));
  }
  assert.ok(Object.values(seen).every((count) => count > 0), JSON.stringify(seen));
});

type K = Kernel;

/** What a reader might write, and the part of the example that it takes the place of. */
const mistakes: Readonly<Record<string, object>> = {
  "if (boat.pos.x.gt(0)) return 1;": {
    reward: (_: K, boat: Boat) => {
      if (boat.pos.x.gt(0)) return 1;
      return 0;
    },
  },
  "?:": { reward: (_: K, boat: Boat) => boat.pos.x.gt(0) ? 1 : 0 },
  "boat.pos.x + 1": { reward: (_: K, boat: Boat) => (boat.pos.x as never) + 1 },
  "boat.pos.x > 0": { reward: (_: K, boat: Boat) => (boat.pos.x as never) > 0 },
  "Math.max(boat.pos.x, 0)": { reward: (_: K, boat: Boat) => Math.max(boat.pos.x as never, 0) },
  "reward: (k, boat) => boat.pos.x.gt(0)": { reward: (_: K, boat: Boat) => boat.pos.x.gt(0) },
  "k.uniform()": { reward: (k: K) => k.uniform() },
  "k.when(test, () => k.uniform(), () => 0)": {
    dynamics: (k: K) => {
      for (const boat of k.agents) k.when(boat.pos.x.gt(0), () => k.uniform(), () => 0);
    },
  },
  "k.fields.fuel.set(boat, 1)": {
    observe: (k: K, boat: Boat) => {
      (k.fields.fuel as Kernel<object, never, { fuel: { owner: "agent"; kind: "number" } }>["fields"]["fuel"])
        .set(boat, 1);
      return boat.pos;
    },
  },
  "break": {
    dynamics: (k: K) => {
      for (const boat of k.agents) {
        k.place(boat, boat.pos);
        break;
      }
    },
  },
  "observe: (k, boat) => [boat.pos, boat.fuel]": {
    observe: (_: K, boat: Boat) => [boat.pos, (boat as unknown as { fuel: undefined }).fuel],
  },
  "k.at(k.entities, 0)": { observe: (k: K) => k.at(k.entities, 0).pos },
  'k.group("boats")': { reward: (k: K) => k.sum(k.group("boats"), () => 1) },
  'group("tug/boat", 1)': { world: () => particles({ agents: group("tug/boat", 1) }) },
  "budgets: { ramed: … }": { budgets: { ramed: { kind: "episode", limit: 1 } } },
  "--param n=4": {},
};
type Boat = Entity;

const plain = (text: string) => text.replace(/\\_/g, "_").replace(/\s+/g, " ");

for (const [written, part] of Object.entries(mistakes)) {
  Deno.test(`the page tells what is said about ${written}`, () => {
    assert.ok(page.includes(`\`${written}\``));
    const wrong = scenario({ ...example, ...part } as Parameters<typeof scenario>[0]);
    const params = written === "--param n=4" ? { n: 4 } : { N: 20 };
    assert.throws(() => makeWorld(wrong, { params }), (error: Error) => {
      const said = error.message.replace(/^(mine\/harbour(, in [a-z, ]+:)?|group "tug\/boat":) /, "");
      assert.ok(plain(page).includes(`_${plain(said)}_`), `the page lacks: ${said}`);
      return true;
    });
  });
}

/** The members of an interface in a source file. */
async function members(file: string, name: string): Promise<string[]> {
  const text = await Deno.readTextFile(new URL(`sim/language/${file}`, root));
  const body = new RegExp(`export interface ${name}\\b[^]*?\\{\\n([^]*?)\\n\\}\\n`).exec(text)?.[1];
  assert.ok(body, `${file} has no ${name}`);
  const found = [...body.matchAll(/^ {2}(?:readonly )?(\w+)(?:<[^(]*>)?[?]?[(:]/gm)].map(([, member]) =>
    member!
  );
  return [...new Set(found)];
}

Deno.test("the tables name everything that the language has", async () => {
  const words = new Set(page.slice(page.indexOf("## The literal")).match(/\w+/g));
  const named = async (file: string, name: string, prefix: string) =>
    (await members(file, name)).filter((member) =>
      prefix === "" ? !words.has(member) : !page.includes(prefix + member)
    );
  const lacking = [
    ...await named("kernel.ts", "KernelBase", "k."),
    ...await named("kernel.ts", "Entity", "a."),
    ...await named("kernel.ts", "Neighbour", ""),
    ...await named("values.ts", "NumMethods", ""),
    ...await named("values.ts", "BoolMethods", ""),
    ...await named("values.ts", "Vec2", ""),
    ...await named("world.ts", "GroupOptions", "a."),
    ...await named("scenario.ts", "Definition", ""),
  ];
  assert.deepEqual(lacking, []);
});

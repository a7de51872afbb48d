/**
 * A traced scenario whose masks change, for tests by hand.
 *
 * @module
 */
import { z } from "zod";
import { column, group, plain, scenario } from "../../sim/mod.ts";

/** Who pressed a button once may not press again; the first agent may also hold, before the second step. */
export const buttons = scenario({
  id: "test/buttons",
  maxCycles: 3,
  params: z.strictObject({}),
  world: () => plain({ agents: [group("one", 1), group("two", 2)] }),
  fields: { pressed: column("agent") },
  actions: (_, name) => ({ discrete: name === "one" ? 3 : 2 }),
  reset: () => {},
  dynamics: (k) => {
    for (const a of k.agents) k.fields.pressed.set(a, k.fields.pressed.get(a).max(k.action(a)));
  },
  observe: (k, a) => [k.fields.pressed.get(a)],
  mask: (k, a) => {
    const press = k.fields.pressed.get(a).lt(1);
    return a.group === "one" ? [k.cycle.ge(0), press, k.cycle.lt(2)] : [k.cycle.ge(0), press];
  },
  reward: (k, a) => k.fields.pressed.get(a),
});

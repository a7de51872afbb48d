/** A scenario that gives up in environment 5, to see what becomes of it over several threads. */
import { z } from "zod";
import { UserError } from "../../core/mod.ts";
import { classScenario } from "../../sim/mod.ts";

export default classScenario({
  id: "test/failing",
  version: 1,
  maxCycles: 9,
  params: z.strictObject({}),
  spec: () => ({
    groups: [{ name: "agent", agents: 1, observation: { size: 1 }, actions: { discrete: 2 } }],
  }),
  columns: () => ({ count: 1 }),
  reset: () => {},
  step: (w) => {
    w.columns.count[0]! += w.actions[0]!;
    if (w.columns.count[0]! > 2) throw new UserError("test/failing: counted too far");
  },
  observe: (w, _agent, into) => void (into[0] = w.columns.count[0]!),
});

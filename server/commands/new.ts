/**
 * `paddock new`: a file to start from. It works as it stands, and passes the conformance tests.
 *
 * @module
 */
import * as z from "zod";
import { command } from "../cli/command.ts";
import { unknownName } from "../cli/errors.ts";
import { text, toggle } from "../cli/flags.ts";
import { paint, say, sayJson } from "../cli/output.ts";
import type { Draft } from "./new/scenario.ts";

/** Where a draft goes. */
interface Place {
  readonly folder: string;
  readonly shelf: boolean;
}

const kinds: Readonly<Record<string, (name: string, place: Place) => Promise<Draft>>> = {
  scenario: async (name, { folder, shelf }) => {
    const { draftForShelf, draftScenario } = await import("./new/scenario.ts");
    return shelf ? draftForShelf(name) : draftScenario(name, folder);
  },
};

export const newCommand = command({
  name: "new",
  summary: "write a file to start from, which passes the conformance tests as it stands",
  operands: {
    "<kind>": Object.keys(kinds).join(", "),
    "<name>": "what it is called: name, or family/name; of a-z, 0-9 and _",
  },
  flags: z.strictObject({
    folder: text("folder", "where the file goes").default("."),
    shelf: toggle("put it on Paddock's own shelf, sim/scenarios/, instead of into a folder of yours"),
    json: toggle("print the result as one JSON object"),
  }),
  examples: ["paddock new scenario harbour", "paddock new scenario safe/harbour --shelf"],
  async run({ folder, shelf, json }, [kind, name]) {
    const draft = kinds[kind as string];
    if (draft === undefined) throw unknownName("new", kind as string, Object.keys(kinds));
    const { path, id, next, write } = await draft(name as string, { folder, shelf });
    write();
    if (json) {
      sayJson({ path, id });
      return 0;
    }
    say(`${path}  ${kind} ${id}`);
    say(paint("dim", "next:"));
    for (const line of next) say(`  ${line}`);
    return 0;
  },
});

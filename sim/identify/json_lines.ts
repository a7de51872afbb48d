/**
 * Recordings out of JSON lines: those of an exported replay, or one recording on each line.
 *
 * @module
 */
import * as z from "zod";
import { UserError } from "../../core/mod.ts";
import type { Recording } from "./recording.ts";

const numbers = z.union([z.number(), z.array(z.number())]);

const recording = z.strictObject({
  states: z.record(z.string(), z.array(numbers)).optional(),
  observations: z.array(z.array(z.number())).optional(),
  actions: z.array(numbers),
});

const header = z.looseObject({
  format: z.literal("paddock-replay"),
  scenario: z.string(),
  params: z.record(z.string(), z.unknown()),
});

const step = z.looseObject({
  episode: z.int(),
  state: z.record(z.string(), z.array(z.number())),
  actions: z.array(numbers),
});

export interface Read {
  readonly data: Recording[];
  /** Only of an exported replay: where it was played, and with which params. */
  readonly origin?: { readonly scenario: string; readonly params: Readonly<Record<string, unknown>> };
}

/**
 * `{ "states": { column: [ … ] }, "actions": [ … ] }` on each line; or what `paddock export` makes of a replay.
 *
 * @throws UserError that names the line, and what was expected there
 */
export function readJsonLines(text: string): Read {
  const lines = text.split("\n").flatMap((line, i) => line.trim() === "" ? [] : [parsed(line, i + 1)]);
  if (lines.length === 0) throw new UserError("expected at least one line of JSON, found none");
  const first = header.safeParse(lines[0]!.value);
  if (!first.success) return { data: lines.map((line) => checked(recording, line) as Recording) };
  return { data: episodesOf(lines.slice(1).map((line) => checked(step, line))), origin: first.data };
}

interface Line {
  readonly number: number;
  readonly value: unknown;
}

function parsed(line: string, number: number): Line {
  try {
    return { number, value: JSON.parse(line) };
  } catch (error) {
    throw new UserError(`line ${number} is not JSON: ${(error as Error).message}`);
  }
}

function checked<S extends z.ZodType>(schema: S, { number, value }: Line): z.output<S> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const { path, message } = result.error.issues[0]!;
  throw new UserError(
    `line ${number}${path.length > 0 ? `, ${path.join(".")}` : ""}: ${message}. ` +
      `Expected { "states": { column: numbers }, "actions": numbers }, or the lines of an exported replay`,
  );
}

/** Episode by episode; the action of its last step leads to a state that no line holds. */
function episodesOf(steps: readonly z.output<typeof step>[]): Recording[] {
  const starts = steps.flatMap(({ episode }, t) => t === 0 || steps[t - 1]!.episode !== episode ? [t] : []);
  return starts.flatMap((start, i) => {
    const rows = steps.slice(start, starts[i + 1]);
    if (rows.length < 2) return [];
    const states = Object.fromEntries(
      Object.keys(rows[0]!.state).map((name) => [name, rows.map(({ state }) => state[name] ?? [])]),
    );
    return [{ states, actions: rows.slice(0, -1).map(({ actions }) => actions.flat()) }];
  });
}

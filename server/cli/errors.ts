/**
 * How a command ends that did not succeed: one clear message, and a stack only where the fault is ours.
 *
 * @module
 */
import { CommanderError } from "commander";
import { suggest, UsageError, UserError } from "../../core/mod.ts";
import { note, noteError, paint, sayJson } from "./output.ts";

/** The exit code of a command that was not understood. */
const badUsage = 2;

/** `there is no policy "scriptd". Did you mean "scripted"? There is: random, scripted` */
export function unknownName(what: string, name: string, names: readonly string[]): UsageError {
  const near = suggest(name, names);
  const hint = near === undefined ? "" : ` Did you mean "${near}"?`;
  return new UsageError(`there is no ${what} "${name}".${hint} There is: ${names.join(", ")}`);
}

/** Tell the person, and the machine where one asked for JSON; returns the exit code. */
export function reportError(error: unknown, json: boolean): number {
  const { message: raw, code } = explain(error);
  const message = printable(raw);
  if (json) sayJson({ event: "error", error: message, exitCode: code });
  note(`${paint("red", "paddock:")} ${message}`);
  if (code === 1 && !isExpected(error)) {
    noteError(error);
    note("This is a fault of Paddock. Please report it with the lines above.");
  }
  return code;
}

/** A message may quote a file; what steers a terminal must not come out of one. */
function printable(text: string): string {
  // deno-lint-ignore no-control-regex -- they are what is looked for
  return text.replace(/[\0-\x08\x0b-\x1f\x7f-\x9f]/g, "\ufffd");
}

function isExpected(error: unknown): boolean {
  return error instanceof UserError || error instanceof Deno.errors.NotCapable;
}

function explain(error: unknown): { message: string; code: number } {
  if (error instanceof UserError) return { message: error.message, code: error.exitCode };
  if (error instanceof CommanderError) {
    const text = error.message.replace(/^error: /, "").replace(
      /\n\(Did you mean (.*)\?\)/,
      ". Did you mean $1?",
    );
    return { message: text, code: error.exitCode === 0 ? 0 : badUsage };
  }
  if (error instanceof Deno.errors.NotCapable) {
    return { message: `${error.message}. deno task paddock grants what it needs`, code: 1 };
  }
  return { message: `unexpected error: ${error instanceof Error ? error.message : String(error)}`, code: 1 };
}

/**
 * What a command is: its words, its flags, and what it does.
 *
 * @module
 */
import type * as z from "zod";

export interface CommandSpec<S extends z.ZodObject = z.ZodObject> {
  readonly name: string;
  readonly summary: string;
  /** Operands as commander writes them: `<run>`, `[file]`, `<file...>`; each with a line of help. */
  readonly operands?: Readonly<Record<string, string>>;
  readonly flags: S;
  /** Lines that work as they stand, behind `deno task`. */
  readonly examples: readonly string[];
  /**
   * @param operands in the order of `operands`; a list where one takes several
   * @param given names of the flags that stood on the command line
   * @returns the exit code: 0, or 1 where the command did its work and the answer is no
   */
  run(
    flags: Readonly<z.output<S>>,
    operands: readonly (string | readonly string[] | undefined)[],
    given: ReadonlySet<string>,
  ): Promise<number>;
}

/** A command, its flags' types kept. */
export function command<S extends z.ZodObject>(spec: CommandSpec<S>): CommandSpec<S> {
  return spec;
}

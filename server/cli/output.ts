/**
 * Writing to the terminal. A reader that went away (`paddock list | head -1`) is no error: what follows is dropped.
 *
 * @module
 */
import { styleText } from "node:util";

type Stream = typeof Deno.stdout | typeof Deno.stderr;

/** False where the reader is gone. */
function write(stream: Stream, text: string): boolean {
  const bytes = new TextEncoder().encode(text);
  try {
    for (let at = 0; at < bytes.length;) at += stream.writeSync(bytes.subarray(at));
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.BrokenPipe) return false;
    throw error;
  }
}

/** One line on the standard output; false where nobody reads it any more. */
export function say(line = ""): boolean {
  return write(Deno.stdout, line + "\n");
}

/** One line on the standard error: notes and errors, which never mix with what a machine reads. */
export function note(line: string): void {
  write(Deno.stderr, line + "\n");
}

/** An error that is ours, and that does not end the process. */
export function noteError(error: unknown): void {
  note(error instanceof Error ? error.stack ?? error.message : String(error));
}

/** One object as one line; false where nobody reads it any more. */
export function sayJson(value: unknown): boolean {
  return say(JSON.stringify(value));
}

/** True where a person looks at the standard output. */
export function onTerminal(): boolean {
  return Deno.stdout.isTerminal();
}

/** `text` in a colour or weight, plain where the output is no terminal or NO_COLOR is set. */
export function paint(style: "bold" | "dim" | "red" | "green" | "yellow" | "cyan", text: string): string {
  return onTerminal() && !Deno.noColor ? styleText(style, text, { validateStream: false }) : text;
}

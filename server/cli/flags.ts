/**
 * The flags of a command, declared once as a zod schema: it makes the help, the defaults and the check.
 *
 * @module
 */
import { type Command, Option } from "commander";
import * as z from "zod";
import { settings, UsageError, UserError } from "../../core/mod.ts";
import { parseValue } from "./values.ts";

/** A flag with a text behind it. `value` is what the help calls it. */
export const text = (value: string, description: string) => z.string().min(1).meta({ description, value });

/** A flag with a whole number of at least `least` behind it, which may be written as 1e6. */
export const whole = (least: number, description: string) =>
  z.int().min(least).meta({ description, value: "number" });

/** A flag with a number behind it. */
export const real = (value: string, description: string, least = -Infinity) =>
  z.number().min(least).meta({ description, value });

/** A flag that is there or not. */
export const toggle = (description: string) => z.boolean().default(false).meta({ description });

/** A flag with one of a few words behind it. */
export const choice = <const T extends readonly [string, ...string[]]>(words: T, description: string) =>
  z.enum(words).meta({ description, value: "kind" });

/** `NAME=VALUE`, several at once or the flag repeated. */
export const pairs = (description: string) =>
  z.array(z.string()).default([]).meta({ description, value: "name=value..." });

/** The folder of runs. */
export const runsFlag = text("folder", "folder of runs").default("runs");

/** The port of a server. */
export const portFlag = z.int().min(0).max(65535).default(8000).meta({
  description: "port to listen on; 0 takes a free one",
  value: "number",
});

/** The address of a server. */
export const hostFlag = text(
  "address",
  "address to listen on. Whoever can reach it may read and ask all that is served: keep it to this machine, " +
    "or put a proxy with passwords before it",
).default("127.0.0.1");

/** The schema of a flag without its default. */
function inner(schema: z.core.$ZodType): z.core.$ZodType {
  const { def } = schema._zod;
  return "innerType" in def ? inner(def.innerType as z.core.$ZodType) : schema;
}

const kebab = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** `checkpointEvery` -> `--checkpoint-every`. */
export function flagName(name: string): string {
  return `--${kebab(name)}`;
}

/** Find `description` and `value` on the flag's schema or on the one it wraps. */
function metaOf(schema: z.core.$ZodType): { description?: string; value?: string } {
  const own = z.globalRegistry.get(schema) as { description?: string; value?: string } | undefined;
  const { def } = schema._zod;
  return { ...("innerType" in def ? metaOf(def.innerType as z.core.$ZodType) : {}), ...own };
}

/** Offer the flags of `schema` on `command`. A truth that defaults to true is offered as `--no-NAME`. */
export function addFlags(command: Command, schema: z.ZodObject): void {
  for (const [name, flag] of Object.entries(schema.shape)) {
    const { description = "", value } = metaOf(flag);
    const kind = inner(flag);
    const byDefault = flag instanceof z.ZodDefault ? flag.def.defaultValue : undefined;
    const shown = byDefault === undefined || typeof byDefault === "boolean" ||
        Array.isArray(byDefault) && byDefault.length === 0
      ? ""
      : ` (default: ${byDefault})`;
    const words = kind instanceof z.ZodEnum ? `: ${kind.options.join(", ")}` : "";
    const stem = `--${byDefault === true ? "no-" : ""}${kebab(name)}`;
    const option = new Option(
      value === undefined ? stem : `${stem} <${value}>`,
      description + words + shown,
    );
    command.addOption(option);
  }
}

/**
 * The flags that were given, checked, defaults filled in.
 *
 * @throws UsageError that names flag, expectation and what was found
 */
export function readFlags<S extends z.ZodObject>(
  schema: S,
  given: Record<string, unknown>,
): Readonly<z.output<S>> {
  const input = Object.fromEntries(
    Object.entries(given).map(([name, value]) => {
      const kind = schema.shape[name] && inner(schema.shape[name]);
      const plain = typeof value !== "string" || kind instanceof z.ZodString || kind instanceof z.ZodEnum;
      return [name, plain ? value : parseValue(value, flagName(name))];
    }),
  );
  return usage(
    () => settings(schema, input, "flag"),
    (line) => line.replace(/^flag\.(\w+)/, (_, name) => flagName(name)),
  );
}

/** Run `work`; what it says is wrong is the command line's fault: exit code 2. */
export function usage<T>(work: () => T, reword: (line: string) => string = (line) => line): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof UserError) throw new UsageError(error.message.split("\n").map(reword).join("\n"));
    throw error;
  }
}

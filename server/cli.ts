/**
 * The `paddock` command: finds the command, reads its flags, runs it, and turns what happened into an exit code.
 *
 *     0 done    1 failed    2 not understood    130, 143 stopped by Ctrl-C or SIGTERM, state saved
 *
 * @module
 */
import { Command, CommanderError } from "commander";
import project from "../deno.json" with { type: "json" };
import { UsageError } from "../core/mod.ts";
import type { CommandSpec } from "./cli/command.ts";
import { reportError, unknownName } from "./cli/errors.ts";
import { addFlags, readFlags } from "./cli/flags.ts";
import { typed } from "./cli/format.ts";
import { note, say } from "./cli/output.ts";
import { commands } from "./commands/mod.ts";

/** Run the command line `args`; returns the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  const outcome = { code: 0 };
  const root = program(outcome);
  try {
    const [first, topic] = args;
    const general = first === undefined || first === "help" && topic === "help";
    if (first === "help" && topic !== undefined && !general) checkTopic(topic);
    if (general) root.outputHelp();
    else await root.parseAsync(args, { from: "user" });
    return outcome.code;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    const asked = commands.find(({ name }) => name === args[0]);
    const code = reportError(named(error, asked), args.includes("--json"));
    if (code === 2) note(`See ${typed(`${asked ? `${asked.name} ` : ""}--help`)}`);
    return code;
  }
}

/** Of what is no command, commander would print the general help alone. */
function checkTopic(topic: string): void {
  const names = commands.map(({ name }) => name);
  if (!names.includes(topic) && !topic.startsWith("-")) throw unknownName("command", topic, names);
}

/** A missing operand is named with what it stands for. */
function named(error: unknown, asked: CommandSpec | undefined): unknown {
  if (!(error instanceof CommanderError) || error.code !== "commander.missingArgument" || !asked) {
    return error;
  }
  const word = /'(.*)'/.exec(error.message)?.[1];
  const [operand, help] = Object.entries(asked.operands ?? {}).find(([name]) => name.includes(word ?? "<")) ??
    [];
  return operand === undefined ? error : new UsageError(`${asked.name} needs ${operand}: ${help}`);
}

/** All commands, ready to parse; the exit code of the one that ran lands in `into`. */
function program(into: { code: number }): Command {
  const root = new Command("paddock")
    .description(
      "Multi-agent and safe reinforcement learning: train under budgets, replay violations, serve policies.",
    )
    .version(project.version, "--version", "print the version")
    .helpOption("--help", "print this help")
    .exitOverride()
    .configureOutput({ writeOut: (text) => say(text.trimEnd()), outputError: () => {} })
    .addHelpText("after", examplesOf(["paddock demo", "paddock train --help"]));
  for (const spec of commands) add(root, spec, into);
  return root;
}

function add(root: Command, spec: CommandSpec, into: { code: number }): void {
  const { name, summary, operands = {}, flags, examples, run } = spec;
  const child = root.command(name).summary(summary).description(summary).allowExcessArguments(false)
    .helpOption("--help", "print this help");
  for (const [operand, help] of Object.entries(operands)) child.argument(operand, help);
  addFlags(child, flags);
  child.addHelpText("after", examplesOf(examples));
  child.action(async (...given: unknown[]) => {
    const words = given.slice(0, -2) as (string | string[] | undefined)[];
    const options = given.at(-2) as Record<string, unknown>;
    into.code = await run(readFlags(flags, options), words, new Set(Object.keys(options)));
  });
}

function examplesOf(lines: readonly string[]): string {
  return `\n${lines.length > 1 ? "Examples" : "Example"}:\n${
    lines.map((line) => `  deno task ${line}`).join("\n")
  }`;
}

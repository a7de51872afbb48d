/**
 * The commands, in the order of the help.
 *
 * @module
 */
import type { CommandSpec } from "../cli/command.ts";
import { dashboardCommand } from "./dashboard.ts";
import { demoCommand } from "./demo.ts";
import { diffCommand } from "./diff.ts";
import { evaluateCommand } from "./evaluate.ts";
import { exportCommand } from "./export.ts";
import { forkCommand } from "./fork.ts";
import { identifyCommand } from "./identify.ts";
import { leagueCommand } from "./league.ts";
import { listCommand } from "./list.ts";
import { newCommand } from "./new.ts";
import { replayCommand } from "./replay.ts";
import { serveCommand } from "./serve.ts";
import { trainCommand } from "./train.ts";
import { verifyCommand } from "./verify.ts";

export const commands: readonly CommandSpec[] = [
  demoCommand,
  trainCommand,
  evaluateCommand,
  replayCommand,
  verifyCommand,
  diffCommand,
  forkCommand,
  identifyCommand,
  leagueCommand,
  exportCommand,
  serveCommand,
  dashboardCommand,
  listCommand,
  newCommand,
];

/**
 * An environment that prints its pictures, as one that returns what it would have printed.
 *
 * Source   PettingZoo @ 761353e6, CaptureStdoutWrapper
 *
 * @module
 */
import { UserError } from "../../../core/mod.ts";
import { type AecEnv, isAec, type ParallelEnv, type RenderMode } from "../types.ts";
import { forwardAec, forwardParallel } from "./forward.ts";

/** @throws UserError when the environment does not print: its `renderMode` must be "human" */
export function captureStdout<O>(env: AecEnv<O>): AecEnv<O>;
export function captureStdout<O>(env: ParallelEnv<O>): ParallelEnv<O>;
export function captureStdout<O>(env: AecEnv<O> | ParallelEnv<O>): AecEnv<O> | ParallelEnv<O> {
  if (env.renderMode !== "human") {
    throw new UserError(
      `captureStdout: expected an environment that prints (renderMode "human"), found ${env.renderMode}`,
    );
  }
  const changes = { renderMode: "ansi" as RenderMode, render: () => capture(() => env.render()).text };
  return isAec(env) ? forwardAec(() => env, changes) : forwardParallel(() => env, changes);
}

/** What a call prints, which the console does not get, and what it returns. */
export function capture<T>(call: () => T): { readonly text: string; readonly returned: T } {
  const { console } = globalThis;
  const { log } = console;
  const lines: string[] = [];
  console.log = (...words: unknown[]) => void lines.push(words.join(" "));
  try {
    const returned = call();
    return { text: lines.join("\n"), returned };
  } finally {
    console.log = log;
  }
}

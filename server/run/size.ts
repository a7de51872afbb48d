/**
 * How large a training is: the steps of an update and of them all, the threads and the memory that it takes.
 *
 * @module
 */
import { totalmem } from "node:os";
import { wholeSteps } from "../../agents/mod.ts";
import { UsageError } from "../../core/mod.ts";
import { count, number } from "../cli/format.ts";
import type { Plan } from "./config.ts";

/** What the size of a training depends on. */
type Sized = Pick<Plan, "config" | "algorithm">;

/** Environment steps of one update: every environment makes the steps of the algorithm's horizon. */
function updateSteps({ config, algorithm }: Sized): number {
  return config.envs * algorithm.horizon;
}

/** What a person should know who asked for a part of an update; nothing where the updates are whole. */
export function roundedUp(plan: Sized): string[] {
  const { steps, envs } = plan.config;
  const whole = wholeSteps(plan.algorithm, plan.config);
  const each = updateSteps(plan);
  return whole === steps ? [] : [
    `${count(steps)} steps are rounded up to ${count(whole)}: whole updates of ${count(each)} ` +
    `(${count(envs)} environments, ${count(each / envs)} steps each)`,
  ];
}

/**
 * Threads beyond those of the machine wait for each other at every step, and each takes memory of its own. So few are
 * let through on any machine: a run that was made on a larger one goes on.
 */
export function mostWorkers(cores = navigator.hardwareConcurrency): number {
  return Math.max(8, 2 * cores);
}

/** Throws a UsageError where there are more threads than the machine, or the environments, can use. */
export function checkWorkers(workers: number, envs = Infinity): void {
  const most = mostWorkers();
  if (workers > most) {
    throw new UsageError(
      `--workers ${
        count(workers)
      }: expected at most ${most} on this machine of ${navigator.hardwareConcurrency} ` +
        "cores: threads beyond its cores only wait for each other",
    );
  }
  if (workers > envs) {
    throw new UsageError(
      `--workers ${workers}: expected at most ${envs}, since each thread takes some of the ${envs} environments`,
    );
  }
}

/**
 * Throws a UsageError where one step of each environment is more than all steps, or where the observations of one
 * update alone take more than half of `memory` bytes.
 */
export function checkEnvs(plan: Sized & Pick<Plan, "spec">, memory = totalmem()): void {
  const { envs, steps } = plan.config;
  if (envs > steps) {
    throw new UsageError(
      `--envs ${count(envs)}: one step of each is more than --steps ${count(steps)}. Ask for fewer ` +
        "environments, or for more steps",
    );
  }
  const { N, O } = plan.spec;
  const observations = 4 * N * O * updateSteps(plan);
  if (observations > memory / 2) {
    throw new UsageError(
      `--envs ${count(envs)}: the observations of one update take ${
        gigabytes(observations)
      }, and this machine has ` +
        `${
          gigabytes(memory)
        } of memory. Ask for fewer environments, or for a shorter horizon (--set horizon=...)`,
    );
  }
}

const gigabytes = (bytes: number) => `${number(bytes / 1e9)} GB`;

/**
 * How a traced world draws its params: a column for each, filled at every reset before the scenario's own reset.
 *
 * Each param has two numbers of the reset's other stream, by its place among the scenario's params: which others are
 * drawn, and what the scenario draws, changes nothing.
 *
 * @module
 */
import { log } from "../../core/mod.ts";
import type { Builder } from "../engine/builder.ts";
import { scalar } from "../engine/expressions.ts";
import type { Num } from "../language/values.ts";
import { columnOf } from "./columns.ts";
import type { Distribution, Drawn } from "./distribution.ts";
import type { Randomised } from "./given.ts";

/** Writes the params of the episode that begins. */
export function drawParams(b: Builder): void {
  for (const param of Object.values(b.plan.randomised)) {
    const { name, given } = param;
    b.machine.store(b.column(`$${columnOf(name)}`), 0, scalar(valueOf(b, param, given)));
  }
}

function valueOf(b: Builder, param: Randomised, given: Distribution): Num {
  if (!("stages" in given)) return one(b, param, given);
  const stage = b.x.num(b.machine.load(b.column("stage"), 0));
  const values = given.stages.map((each) => typeof each === "number" ? b.x.num(each) : one(b, param, each));
  const last = values.length - 1;
  return values.reduceRight((rest, value, i) => i === last ? rest : b.select(stage.lt(i + 0.5), value, rest));
}

function one(b: Builder, { place, bounds }: Randomised, given: Drawn): Num {
  const unit = b.x.num(b.machine.aside(2 * place));
  if ("uniform" in given) {
    const [low, high] = given.uniform;
    return unit.mul(high - low).add(low);
  }
  if ("logUniform" in given) {
    const [low, high] = given.logUniform;
    return unit.mul(log(high) - log(low)).add(log(low)).exp().clamp(low, high);
  }
  if ("choice" in given) return b.at(given.choice, unit.mul(given.choice.length));
  const [mean, deviation] = given.normal;
  const other = b.x.num(b.machine.aside(2 * place + 1));
  const radius = b.x.num(1).sub(unit).log().mul(-2).sqrt();
  const normal = radius.mul(other.mul(2 * Math.PI).cos()).mul(deviation).add(mean);
  return normal.max(bounds.low).min(bounds.high);
}

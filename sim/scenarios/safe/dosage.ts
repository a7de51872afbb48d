/**
 * Dosage: a drug shrinks a tumour and poisons the patient.
 *
 * State        tumour m in 0..4, toxicity x in 0..5; start (4, 0)
 * Action       [3]  dose a = 0, 1 or 2
 * Motion       x' = clip(x + a − 1, 0, 5).  Tumour: a = 0: m' = min(m + 1, 4) with probability 0.5, else m.  a > 0 and
 *              m > 0: m' = m − 1 with probability 0.4 (a = 1) or 0.8 (a = 2), else m.  a > 0 and m = 0: m' = 1 with
 *              probability 0.1, else 0.
 * Observation  [11]  tumour (5) and toxicity (6), one-hot
 * Reward       −m / 4, with the tumour before the step
 * Cost         `toxic`  agent: 1 if x' >= 4
 * Limit        1, discounted by γ = 0.95
 * Truncation   after 200 steps
 * Optimum      −3.900967; multiplier 0.09264
 * Scripted     as much as keeps toxicity at 3 or below
 *
 * @module
 */
import * as z from "zod";
import { ruled } from "../../language/rule.ts";
import { scenario } from "../../language/scenario.ts";
import { type Chance, tabulate } from "../../language/tables.ts";
import { column, group, plain } from "../../language/world.ts";
import { stack } from "../pictures.ts";

const LARGEST = 4;
const WORST = 5;
const TOXIC = 4;
const DISCOUNT = 0.95;
/** Chance that an untreated tumour grows, that a cured one comes back, and by dose that it shrinks. */
const GROWS = 0.5;
const RETURNS = 0.1;
const SHRINKS = [0, 0.4, 0.8];

export const dosage = scenario({
  id: "safe/dosage",
  summary: "A drug shrinks a tumour and poisons the patient",
  maxCycles: 200,
  discount: DISCOUNT,
  params: z.strictObject({}),

  world: () => plain({ agents: group("doctor", 1) }),
  /** `burden` is the tumour before the last step. */
  fields: { tumour: column("world"), toxicity: column("world"), burden: column("world") },
  actions: { discrete: 3 },

  reset: (k) => k.fields.tumour.set(LARGEST),

  dynamics: (k) => {
    const { tumour, toxicity, burden } = k.fields;
    const dose = k.action(k.at(k.agents, 0));
    const m = tumour.get();
    const u = k.uniform();
    const untreated = m.add(u.lt(GROWS).num()).min(LARGEST);
    const treated = k.select(m.eq(0), u.lt(RETURNS).num(), m.sub(u.lt(k.at(SHRINKS, dose)).num()));
    burden.set(m);
    tumour.set(k.select(dose.eq(0), untreated, treated));
    toxicity.set(toxicity.get().add(dose).sub(1).clamp(0, WORST));
  },

  observe: (
    k,
  ) => [k.oneHot(k.fields.tumour.get(), LARGEST + 1), k.oneHot(k.fields.toxicity.get(), WORST + 1)],
  reward: (k) => k.fields.burden.get().div(-4),

  costs: {
    toxic: {
      scope: "agent",
      summary: "steps that end at toxicity 4 or 5",
      of: (k) => k.fields.toxicity.get().ge(TOXIC),
    },
  },
  budgets: { toxic: { kind: "discounted", limit: 1 } },

  tables: () =>
    tabulate({
      parts: [
        { column: "tumour", at: 0, size: LARGEST + 1 },
        { column: "toxicity", at: 0, size: WORST + 1 },
      ],
      actions: [3],
      channels: [{ name: "toxic", agent: 0 }],
      start: [LARGEST, 0],
      discount: DISCOUNT,
      outcomes: ([m, x], [dose]) => {
        const toxicity = Math.max(0, Math.min(WORST, x! + dose! - 1));
        return course(m!, dose!).map(([p, next]) => {
          return { p, next: [next, toxicity], reward: -m! / 4, costs: [toxicity >= TOXIC ? 1 : 0] };
        });
      },
    }),

  view: {
    camera: [-0.7, 2.7, -0.8, 5.3],
    shapes: ({ columns }, env) => {
      const [tumour, toxicity] = [columns["tumour"]!.data[env]!, columns["toxicity"]!.data[env]!];
      const color = toxicity >= TOXIC ? "#fa5252" : "#f08c00";
      return [
        ...stack({ x: 0, count: tumour, most: LARGEST, color: "#7950f2", label: "tumour" }),
        ...stack({ x: 2, count: toxicity, most: WORST, color, label: "toxicity", agent: 0 }),
      ];
    },
  },
  policies: {
    scripted: ruled("scripted", (obs) => obs.subarray(LARGEST + 1).indexOf(1) < TOXIC - 1 ? 2 : 1),
  },
});

/** What becomes of a tumour under a dose. */
function course(m: number, dose: number): Chance<number>[] {
  if (dose === 0) return [[GROWS, Math.min(m + 1, LARGEST)], [1 - GROWS, m]];
  if (m === 0) return [[RETURNS, 1], [1 - RETURNS, 0]];
  return [[SHRINKS[dose]!, m - 1], [1 - SHRINKS[dose]!, m]];
}

/**
 * Dosage, continuous: prescribers, each of a drug of its own, shrink one patient's tumour. Every dose helps and
 * poisons; the poison is common to all, and each drug has a ceiling for life.
 *
 * Action       discrete: dose 0, 1 or 2; continuous: [1] dose in [0, 2]
 * Patient      one week per step, of drug i with dose aᵢ:
 *                concentration  cᵢ' = ½ cᵢ + aᵢ
 *                tumour         m' = m · exp(ρ ln(4 / m) − Σᵢ κᵢ cᵢ'), within [0.01, 4]: Gompertz growth, log-kill
 *                toxicity       x' = 0.8 x + 0.3 · 2 / N · Σᵢ aᵢ + 0.1 |ε|
 * Observation  [6]  m / 4, x / 4, own concentration / 4, own dose so far / its ceiling, that of the others on
 *              average / 4, share of the year gone
 * Reward       − m / 4, shared; with the tumour of before the step
 * Cost         `toxicity`  team: 1 per week with x' at 4 or above
 *              `dose`      agent: the dose
 * Limits       1 week of toxicity per year; 45 units of each drug per year
 * Episode      52 weeks
 * Random       growth ρ = 0.05 · exp(0.2 ε) per week; κᵢ = 0.06 · 2 / N · exp(0.2 ε), each drug its own: nobody sees
 *              them; the tumour begins within [2, 4]
 *
 * Scripted     of 2 prescribers, continuous: `scripted` (the most, always) returns -2.9 at 48 weeks of toxicity and 104
 *              units; `careful` -5.1 at 0 and 44; `random` -5.9 at 3 and 54
 * Source       the larger, continuous sister of `safe/dosage`; growth: Laird 1964, "Dynamics of tumor growth";
 *              log-kill: Skipper, Schabel, Wilcox 1964; drugs that share a toxicity: our own
 *
 * @module
 */
import * as z from "zod";
import { type Rule, ruled } from "../../language/rule.ts";
import { scenario } from "../../language/scenario.ts";
import { column, group, plain } from "../../language/world.ts";
import type { Policy, Shape, World, WorldSpec } from "../../types.ts";
import { text } from "../pictures.ts";

/** Tumour: the most the body can bear, the least that is left, growth per week. */
const LARGEST = 4;
const SMALLEST = 0.01;
const GROWTH = 0.05;
/** Log-kill per unit of concentration of one of two drugs. */
const KILL = 0.06;
/** Deviation of the logarithms of growth and kill between patients. */
const SPREAD = 0.2;
/** What is left of a drug and of the toxicity a week later. */
const DRUG_LEFT = 0.5;
const POISON_LEFT = 0.8;
/** Toxicity per unit of one of two drugs, and what life adds. */
const POISON = 0.3;
const NOISE = 0.1;
const TOXIC = 4;
const STRONGEST = 2;
/** Units of one drug per year. */
const CEILING = 45;
const WEEKS = 52;

const params = z.strictObject({
  N: z.int().min(1).max(6).default(2).describe("prescribers, each of one drug"),
});
const fields = {
  kill: column("agent"),
  concentration: column("agent"),
  dose: column("agent"),
  total: column("agent"),
  growth: column("world"),
  tumour: column("world"),
  before: column("world"),
  toxicity: column("world"),
} as const;

export const dosageContinuous = scenario({
  id: "safe/dosage_continuous",
  summary: "Prescribers shrink a tumour together, below a common toxicity and a ceiling for each drug",
  maxCycles: WEEKS,
  params,

  world: ({ N }) => plain({ agents: group("prescriber", N) }),
  fields,
  actions: { discrete: 3, continuous: { dims: 1, low: 0, high: STRONGEST } },

  reset: (k) => {
    const { kill, growth, tumour } = k.fields;
    growth.set(k.normal(0, SPREAD).exp().mul(GROWTH));
    tumour.set(k.uniform(LARGEST / 2, LARGEST));
    for (const prescriber of k.agents) {
      kill.set(prescriber, k.normal(0, SPREAD).exp().mul(KILL * 2 / k.p.N));
    }
  },

  dynamics: (k) => {
    const { kill, concentration, dose, total, growth, tumour, before, toxicity } = k.fields;
    for (const prescriber of k.agents) {
      const given = k.action(prescriber);
      dose.set(prescriber, given);
      total.set(prescriber, total.get(prescriber).add(given));
      concentration.set(prescriber, concentration.get(prescriber).mul(DRUG_LEFT).add(given));
    }
    const m = tumour.get();
    const grown = growth.get().mul(k.num(LARGEST).div(m).log());
    const killed = k.sum(k.agents, (drug) => kill.get(drug).mul(concentration.get(drug)));
    before.set(m);
    tumour.set(m.mul(grown.sub(killed).exp()).clamp(SMALLEST, LARGEST));
    const poison = k.sum(k.agents, (drug) => dose.get(drug)).mul(POISON * 2 / k.p.N);
    toxicity.set(toxicity.get().mul(POISON_LEFT).add(poison).add(k.normal(0, NOISE).abs()));
  },

  observe: (k, prescriber) => {
    const { concentration, total, tumour, toxicity } = k.fields;
    const others = k.sum(k.others(prescriber), (other) => concentration.get(other));
    return [
      tumour.get().div(LARGEST),
      toxicity.get().div(TOXIC),
      concentration.get(prescriber).div(4),
      total.get(prescriber).div(CEILING),
      others.div(4 * Math.max(1, k.p.N - 1)),
      k.cycle.div(WEEKS),
    ];
  },

  reward: (k) => k.fields.before.get().div(-LARGEST),

  costs: {
    toxicity: {
      scope: "team",
      summary: "weeks of toxicity 4 or more",
      of: (k) => k.fields.toxicity.get().ge(TOXIC),
    },
    dose: {
      scope: "agent",
      summary: "units of the drug",
      of: (k, prescriber) => k.fields.dose.get(prescriber),
    },
  },
  budgets: { toxicity: { kind: "episode", limit: 1 }, dose: { kind: "episode", limit: CEILING } },

  view: ({ N }) => ({
    camera: [-2.7, N + 1.3, -0.8, 5.4],
    zones: [
      { kind: "line", x: -1.5, y: TOXIC, r: 0, x2: N, y2: TOXIC, color: "#fa5252" },
      text({ x: -1, y: TOXIC + 0.25 }, "toxic from here"),
      { kind: "line", x: -2.5, y: 0, r: 0, x2: N + 1.5, y2: 0, color: "#ced4da" },
    ],
    shapes,
    caption: ({ columns }, env) => {
      const [tumour, toxicity] = ["tumour", "toxicity"].map((name) => columns[name]!.data[env]!.toFixed(2));
      return `tumour ${tumour} of ${LARGEST}, toxicity ${toxicity} (limit ${TOXIC})`;
    },
  }),
  policies: {
    scripted: (spec) => prescriber("scripted", spec, () => [STRONGEST, STRONGEST]),
    careful: (spec) => prescriber("careful", spec, watchful),
  },
});

/** What is seen of the patient. */
interface Seen {
  readonly tumour: number;
  readonly toxicity: number;
  /** Of the drug's ceiling and of the year, as shares. */
  readonly used: number;
  readonly gone: number;
}

/** The dose that would help, and the most that may be given. */
type Judgement = (seen: Seen) => readonly [wanted: number, most: number];

function prescriber(name: string, { actionKind }: WorldSpec, judge: Judgement): Policy {
  const rule: Rule = (obs) => {
    const seen = { tumour: LARGEST * obs[0]!, toxicity: TOXIC * obs[1]!, used: obs[3]!, gone: obs[5]! };
    const [wanted, most] = judge(seen).map((dose) => Math.max(0, Math.min(STRONGEST, dose)));
    return actionKind === "continuous"
      ? [Math.min(wanted!, most!)]
      : Math.min(Math.round(wanted!), Math.floor(most! + 1e-6));
  };
  return ruled(name, rule)();
}

/** Toxicity that the careful prescriber aims below: luck seldom adds the rest. */
const AIM = 3.5;
/** A tumour below which it rations the drug for the rest of the year. */
const SMALL = 0.5;

/** As much as the toxicity allows while the tumour is large, then what is left of the ceiling, evenly. */
function watchful({ tumour, toxicity, used, gone }: Seen): [wanted: number, most: number] {
  const left = CEILING * (0.97 - used);
  const wanted = tumour > SMALL ? STRONGEST : left / Math.max(1, WEEKS * (1 - gone));
  return [wanted, Math.min(left, (AIM - POISON_LEFT * toxicity) / (2 * POISON))];
}

/**
 * The tumour, the toxicity as a column against its limit, and of each drug what is in the blood and what is used up.
 */
function shapes({ columns, spec: { N } }: World, env: number): Shape[] {
  const [tumour, toxicity] = ["tumour", "toxicity"].map((name) => columns[name]!.data[env]!) as [
    number,
    number,
  ];
  const at = (name: string, n: number) => columns[name]!.data[env * N + n]!;
  const poisoned = toxicity >= TOXIC ? "#fa5252" : "#fab005";
  const drugs = Array.from({ length: N }, (_, n): Shape[] => [
    { kind: "line", x: n + 1, y: 0, r: 0.12, x2: n + 1, y2: at("concentration", n), color: "#4c6ef5" },
    {
      kind: "line",
      x: n + 1.3,
      y: 0,
      r: 0.05,
      x2: n + 1.3,
      y2: 4 * at("total", n) / CEILING,
      color: "#adb5bd",
    },
    {
      kind: "disc",
      x: n + 1,
      y: at("concentration", n),
      r: 0.16,
      color: "#4c6ef5",
      agent: n,
    },
    text({ x: n + 1, y: -0.4 }, `drug ${n}`),
  ]);
  return [
    { kind: "zone", x: -1.5, y: 2, r: 0.9, color: "#868e96", label: "tumour" },
    { kind: "disc", x: -1.5, y: 2, r: 0.9 * Math.sqrt(tumour / LARGEST), color: "#ae3ec9" },
    { kind: "line", x: 0, y: 0, r: 0.12, x2: 0, y2: Math.min(5, toxicity), color: poisoned },
    text({ x: 0, y: -0.4 }, "toxicity"),
    ...drugs.flat(),
  ];
}

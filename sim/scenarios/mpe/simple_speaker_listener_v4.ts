/**
 * Simple speaker listener: one agent sees the goal and cannot move; the other moves and hears.
 *
 * Source       Lowe et al. 2017, MADDPG, arXiv:1706.02275, "cooperative communication"; MPE2 at dbd68d2,
 *              simple_speaker_listener_v4
 * Agents       speaker_0; listener_0
 * Action       speaker: one of 3 symbols, or 3 numbers in [0, 1] said as they are;
 *              listener: 5 moves (stay, left, right, down, up), or their five strengths in [0, 1]
 * Observation  speaker [3]  colour of the goal; listener [11]  own velocity, offset to each landmark, what the speaker
 *              said
 * Reward       for both −(listener's distance to the goal)²
 * Cost         "decoy": each step in which the listener touches a landmark that is not the goal; "outside": each step
 *              out of [-1, 1]²
 * OpenAI       with `legacyOpenAI`, as published before 2023: velocity is updated before place, and each agent receives
 *              the sum of both rewards
 *
 * @module
 */
import * as z from "zod";
import { particleStep } from "../../language/particle_step.ts";
import { scenario } from "../../language/scenario.ts";
import { column, group, particles } from "../../language/world.ts";
import { outside } from "../../mpe/costs.ts";
import { legacyOpenAI } from "../../mpe/legacy.ts";
import { goals, speech } from "../../mpe/pictures.ts";
import { largest, points, steer, STILL } from "../../mpe/steer.ts";

/** Red, green and blue of each landmark. */
const COLOURS = [[0.65, 0.15, 0.15], [0.15, 0.65, 0.15], [0.15, 0.15, 0.65]];

export const simpleSpeakerListener = scenario({
  id: "mpe/simple_speaker_listener_v4",
  summary: "One agent names the goal, the other goes there",
  maxCycles: 25,
  params: z.strictObject({ legacyOpenAI }),

  world: ({ legacyOpenAI }) =>
    particles({
      agents: [
        group("speaker", 1, { size: 0.075, fixed: true, collide: false, speaks: 3, color: "#404040" }),
        group("listener", 1, { size: 0.075, collide: false, color: "#999999" }),
      ],
      landmarks: group("landmark", 3, {
        size: 0.04,
        fixed: true,
        collide: false,
        color: ["#a62626", "#26a626", "#2626a6"],
      }),
    }, { first: legacyOpenAI ? "velocity" : "place" }),
  fields: { goal: column("world") },

  reset: (k) => {
    k.fields.goal.set(k.integer(3));
    for (const e of k.entities) k.place(e, k.uniform2(-1, 1));
  },

  dynamics: particleStep,

  observe: (k, a) => {
    if (a.group === "speaker") return COLOURS.map((part) => k.at(part, k.fields.goal.get()));
    const heard = k.group("speaker").map((s) => s.said);
    return [a.vel, k.landmarks.map((l) => l.pos.sub(a.pos)), heard];
  },

  reward: (k) => {
    const goal = k.at(k.landmarks, k.fields.goal.get());
    const each = k.once("each", () => k.sum(k.group("listener"), (l) => k.dist2(l, goal)).neg());
    return k.p.legacyOpenAI ? each.mul(2) : each;
  },

  costs: {
    decoy: {
      scope: "agent",
      summary: "the listener touches a landmark that is not the goal, per step",
      of: (k, a) =>
        a.group === "listener"
          ? k.any(k.landmarks, (l) => k.overlap(a, l).and(l.index.ne(k.fields.goal.get())))
          : 0,
    },
    outside: {
      scope: "agent",
      summary: outside.summary,
      of: (k, a) => a.group === "listener" ? outside.of(k, a) : 0,
    },
  },
  budgets: { decoy: { kind: "episode", limit: 1 }, outside: { kind: "episode", limit: 1 } },

  view: { camera: [-1.4, 1.4], trails: true, shapes: goals, caption: speech(["speaker_0"]) },
  policies: {
    /** The speaker says the number of the landmark; the listener goes there once it has heard one. */
    scripted: (spec, group) => {
      if (group.name === "speaker") return steer(spec, group, { wish: (obs) => ({ say: largest(obs) }) });
      const wish = (obs: Float32Array) => {
        const heard = obs.subarray(8);
        return { go: heard.some((part) => part > 0) ? points(obs, 2, 3)[largest(heard)]! : STILL };
      };
      return steer(spec, group, { velocity: 0, wish });
    },
  },
});

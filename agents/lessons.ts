/**
 * A curriculum at work: it judges the episodes that were begun in its present stage, and tells the world the next one.
 *
 * @module
 */
import type { Curriculum, World } from "../sim/mod.ts";
import type { State } from "./types.ts";

export interface Lessons {
  /** To keep in a checkpoint. */
  readonly state: State;
  /** The present stage. */
  stage(): number;
  /** Take in the episodes that ended with the step that `world` just made, in the order of their environments. */
  observe(ended: readonly { readonly return: number; readonly withinBudget: boolean }[]): void;
}

/** The lessons of `world`, whose environments begin in the first stage. */
export function lessons(curriculum: Curriculum, world: World): Lessons {
  const { at, ring } = curriculum.begin();
  /** `[E]` stage that the running episode was begun in. */
  const begun = new Int32Array(world.spec.E);
  return {
    state: { at, ring, begun },
    stage: () => at[0]!,
    observe(ended) {
      let next = 0;
      world.done.forEach((done, e) => {
        if (done === 0) return;
        const outcome = ended[next++]!;
        if (begun[e] === at[0]) curriculum.observe({ at, ring }, [outcome]);
        begun[e] = world.stage![e]!; // the reset within this step drew from it
      });
      if (next > 0) world.stage!.fill(at[0]!);
    },
  };
}

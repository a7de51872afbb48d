/**
 * How wide differences must be, and how exact they are then.
 *
 * Motion that rounds on its way, to floats say, gives narrow differences noise, and noise has full rank. Differences of
 * two widths agree where neither that nor the motion's curvature matters.
 *
 * @module
 */
import { UserError } from "../../core/mod.ts";
import { type Columns, dot } from "./columns.ts";
import { linearise } from "./linear.ts";
import { type Look, lookAt, type Problem, slopesAt } from "./look.ts";

/** The narrowest is good for doubles, wider ones for floats. */
const STEPS = [1e-5, 1e-4, 1e-3];
/** Share by which a column may differ between one width and three times as much: then no other width is tried; at most. */
const GOOD = 1e-5;
const AGREE = 3e-3;
/** What directions must stand above, in units of that share; and at least. */
const ABOVE = 10;
const LEAST = 1e-6;

/** A problem without what differences need to know. */
export type Given = Omit<Problem, "step" | "noRank">;

/** Where the search begins. */
export interface Beginning {
  readonly problem: Problem;
  readonly look: Look;
  /** `[P][K][L,M]` */
  readonly slopes: readonly Columns[];
}

/**
 * The problem with the width whose differences are the most exact, and as much sense for rank as they have.
 *
 * @throws UserError where none does, and where the simulator refuses the start
 */
export function beginning(given: Given): Beginning {
  let best: Beginning | undefined;
  let least = Infinity;
  for (const step of STEPS) {
    const [narrow, wide] = [begun(given, step), begun(given, 3 * step)];
    const apart = disagreement(columnsOf(narrow), columnsOf(wide));
    if (apart < least) [best, least] = [narrow, apart];
    if (least <= GOOD) break;
  }
  if (best !== undefined && least <= AGREE) {
    return { ...best, problem: { ...best.problem, noRank: Math.max(LEAST, ABOVE * least) } };
  }
  throw new UserError(
    `identify: the motion of ${given.motion.scenario.id} is too rough to see how params move it: ` +
      `give a start nearer to the truth, or a smaller window`,
  );
}

function begun(given: Given, step: number): Beginning {
  const problem: Problem = { ...given, step, noRank: LEAST };
  const look = lookAt(problem, given.spread, new Float64Array(given.free.length), given.starts);
  if (look === undefined) {
    throw new UserError("identify: the simulator fails where the search begins: give another start");
  }
  return { problem, look, slopes: slopesAt(problem, look) };
}

/** `[P][K][n]` how params move what is seen, starts taken out. */
function columnsOf({ problem, look, slopes }: Beginning): Columns[] {
  const { reduced } = linearise(problem, look, slopes, problem.spread);
  return problem.free.map((_, i) => reduced.map(({ rest }) => rest[i]!));
}

/**
 * The largest share, of all params, by which columns of one width differ from those of the other; in the middle one of
 * all stretches that a param moves, as a bound that motion runs into makes some of them differ at any width.
 */
function disagreement(narrow: readonly Columns[], wide: readonly Columns[]): number {
  const sizes = wide.map((stretches) => stretches.map((column) => Math.sqrt(dot(column, column))));
  const largest = Math.max(...sizes.flat());
  return wide.reduce((most, stretches, i) => {
    const shares = stretches.flatMap((column, k) => {
      if (!(sizes[i]![k]! > LEAST * largest)) return [];
      const off = column.map((x, row) => x - narrow[i]![k]![row]!);
      return [Math.sqrt(dot(off, off)) / sizes[i]![k]!];
    }).sort((a, b) => a - b);
    return Math.max(most, shares[shares.length >> 1] ?? 0);
  }, 0);
}

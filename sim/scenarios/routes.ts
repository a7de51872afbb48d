/**
 * Ways through a grid of cells, for scripted policies that see all of it: who goes to which target, and what the next
 * step is. Whoever asks with the same places gets the same plan, so that robots agree without a word.
 *
 * Cells are numbered row by row from the top left.
 *
 * @module
 */

/** A grid and which of its cells nobody can enter. */
export interface Floor {
  readonly rows: number;
  readonly columns: number;
  readonly blocked: (cell: number) => boolean;
}

/** The cells beside a cell, by direction: north, south, west, east; −1 beyond the edge. */
export function beside({ rows, columns }: Pick<Floor, "rows" | "columns">, cell: number): number[] {
  const [row, column] = [Math.floor(cell / columns), cell % columns];
  return [
    row > 0 ? cell - columns : -1,
    row < rows - 1 ? cell + columns : -1,
    column > 0 ? cell - 1 : -1,
    column < columns - 1 ? cell + 1 : -1,
  ];
}

/** Steps from each cell to the target, around what is blocked; Infinity where no way leads. */
export function stepsTo(floor: Floor, target: number): number[] {
  const steps = new Array<number>(floor.rows * floor.columns).fill(Infinity);
  steps[target] = 0;
  const queue = [target];
  for (const cell of queue) {
    for (const next of beside(floor, cell)) {
      if (next < 0 || steps[next] !== Infinity || floor.blocked(next)) continue;
      steps[next] = steps[cell]! + 1;
      queue.push(next);
    }
  }
  return steps;
}

/**
 * By robot: the target it is given, −1 for none. The nearest pair of a robot and a target comes first, equal ones in the
 * order of robots, then of targets; then robots change targets while that makes the sum of their squared ways less:
 * nobody has to pass someone who is already there.
 */
export function assign(floor: Floor, robots: readonly number[], targets: readonly number[]): number[] {
  const ways = targets.map((target) => stepsTo(floor, target));
  const given = nearestFirst(robots, ways);
  const squared = (r: number, t: number) => t < 0 ? 0 : ways[t]![robots[r]!]! * ways[t]![robots[r]!]!;
  for (let changed = true; changed;) {
    changed = false;
    for (let r = 0; r < robots.length; r++) {
      for (let s = r + 1; s < robots.length; s++) {
        const [a, b] = [given[r]!, given[s]!];
        if (squared(r, b) + squared(s, a) >= squared(r, a) + squared(s, b)) continue;
        [given[r], given[s], changed] = [b, a, true];
      }
    }
  }
  return given.map((t) => targets[t] ?? -1);
}

/** By robot: the index of its target, −1 for none. */
function nearestFirst(robots: readonly number[], ways: readonly (readonly number[])[]): number[] {
  const pairs = robots.flatMap((cell, robot) =>
    ways.map((way, target) => ({ robot, target, steps: way[cell]! }))
  );
  const given = robots.map(() => -1);
  for (const { robot, target } of pairs.toSorted((a, b) => a.steps - b.steps)) {
    if (given[robot] === -1 && !given.includes(target)) given[robot] = target;
  }
  return given;
}

/**
 * By robot: the direction of its next step (0 north, 1 south, 2 west, 3 east), −1 to stay. Nobody steps where another
 * stands, or where one before it in the list steps too; those at their target are in the way for good.
 */
export function nextSteps(floor: Floor, robots: readonly number[], given: readonly number[]): number[] {
  const parked = new Set(robots.filter((cell, r) => given[r] === -1 || cell === given[r]));
  const standing = new Set(robots);
  const around = { ...floor, blocked: (cell: number) => floor.blocked(cell) || parked.has(cell) };
  return robots.map((cell, r) => {
    const target = given[r]!;
    if (target === -1 || target === cell) return -1;
    const open = stepsTo(around, target);
    const steps = open[cell] === Infinity ? stepsTo(floor, target) : open;
    const choice = beside(floor, cell).findIndex((next) =>
      steps[next]! < steps[cell]! && !standing.has(next)
    );
    if (choice >= 0) standing.add(beside(floor, cell)[choice]!);
    return choice;
  });
}

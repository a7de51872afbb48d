/**
 * The keyboard of the replay page.
 *
 * @module
 */
import { type Session, SPEEDS } from "./session.ts";

/** What each key does, for the handler and for the help beside the picture. */
export const KEYS: readonly (readonly [label: string, what: string])[] = [
  ["Space", "play or pause"],
  ["← →", "one step"],
  ["Shift ← →", "ten steps"],
  ["Home End", "begin, end"],
  ["N P", "next, previous broken limit"],
  ["+ −", "faster, slower"],
];

/** Returns true where the key was meant for the replay. */
export function press(event: KeyboardEvent, session: Session): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return false;
  const action =
    actions(session, event.shiftKey ? 10 : 1)[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (action === undefined || (event.key === " " && event.target instanceof HTMLButtonElement)) return false;
  action();
  return true;
}

function actions(session: Session, stride: number): Readonly<Record<string, () => void>> {
  const { t, speed } = session;
  const change = (by: 1 | -1) => {
    const at = SPEEDS.findIndex((offered) => offered === speed.value) + by;
    speed.value = SPEEDS[at] ?? speed.value;
  };
  return {
    " ": session.toggle,
    ArrowLeft: () => session.seek(t.value - stride),
    ArrowRight: () => session.seek(t.value + stride),
    Home: () => session.seek(0),
    End: () => session.seek(session.film()?.total ?? 0),
    n: () => session.jump(1),
    p: () => session.jump(-1),
    "+": () => change(1),
    "=": () => change(1),
    "-": () => change(-1),
  };
}

function isTyping(target: EventTarget | null): boolean {
  if (target instanceof HTMLInputElement) return target.type !== "range";
  return target instanceof HTMLSelectElement || target instanceof HTMLTextAreaElement;
}

/**
 * The buttons under the picture.
 *
 * @module
 */
import { useComputed } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { type Session, SPEEDS } from "./session.ts";
import { nextViolation } from "./survey.ts";

export function Transport({ session }: { session: Session }) {
  const { t, playing, speed, survey, replay } = session;
  const ready = replay.value !== undefined;
  const atStart = useComputed(() => t.value === 0).value;
  const atEnd = useComputed(() => t.value === replay.value?.header.steps).value;
  const ahead = useComputed(() => survey.value && nextViolation(survey.value, t.value, 1)).value;
  const behind = useComputed(() => survey.value && nextViolation(survey.value, t.value, -1)).value;
  return (
    <div class="transport" role="group" aria-label="Playback">
      <Key label="Previous broken limit" off={!behind} press={() => session.jump(-1)}>
        <path d="M6 5v14M20 5v14l-10-7z" />
      </Key>
      <Key label="One step back" off={!ready || atStart} press={() => session.seek(t.peek() - 1)}>
        <path d="M15 5l-8 7 8 7z" />
      </Key>
      <button
        type="button"
        class="play"
        aria-label={playing.value ? "Pause" : "Play"}
        disabled={!ready}
        onClick={session.toggle}
      >
        <svg viewBox="0 0 24 24" aria-hidden="true">
          <path d={playing.value ? "M7 5h3.5v14H7zM13.5 5H17v14h-3.5z" : "M8 4.5v15l12-7.5z"} />
        </svg>
      </button>
      <Key label="One step forward" off={!ready || atEnd} press={() => session.seek(t.peek() + 1)}>
        <path d="M9 5l8 7-8 7z" />
      </Key>
      <Key label="Next broken limit" off={!ahead} press={() => session.jump(1)}>
        <path d="M18 5v14M4 5v14l10-7z" />
      </Key>
      <label class="speed">
        <span class="visually-hidden">Speed</span>
        <select onChange={(event) => speed.value = Number(event.currentTarget.value)}>
          {SPEEDS.map((offered) => (
            <option key={offered} value={offered} selected={offered === speed.value}>
              {offered} steps/s
            </option>
          ))}
        </select>
      </label>
    </div>
  );
}

interface KeyProps {
  readonly label: string;
  readonly off: boolean;
  readonly press: () => void;
  readonly children: ComponentChildren;
}

function Key({ label, off, press, children }: KeyProps) {
  return (
    <button type="button" class="key" aria-label={label} title={label} disabled={off} onClick={press}>
      <svg viewBox="0 0 24 24" aria-hidden="true">{children}</svg>
    </button>
  );
}

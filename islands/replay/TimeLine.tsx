/**
 * The timeline under the picture: strips of cost, marks of broken limits, and a slider over both.
 *
 * @module
 */
import { useComputed, useSignalEffect } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { compact } from "../parts/format.ts";
import { fitCanvas, onScheme, readPalette } from "./palette.ts";
import type { Session } from "./session.ts";
import { drawStrips, stripsHeight } from "./strips.ts";
import { episodeAt } from "./survey.ts";

export function TimeLine({ session, steps }: { session: Session; steps: number }) {
  const { survey, t } = session;
  const tracks = survey.value?.tracks ?? [];
  const strips = useRef<HTMLCanvasElement>(null);
  const head = useRef<HTMLDivElement>(null);
  const spoken = useComputed(() => place(session, steps));

  useSignalEffect(() => {
    head.current?.style.setProperty("left", `${100 * t.value / Math.max(1, steps)}%`);
  });

  useEffect(() => {
    const draw = () => {
      if (survey.value !== undefined) drawStrips(survey.value, fitCanvas(strips.current!), readPalette());
    };
    const resized = new ResizeObserver(draw);
    resized.observe(strips.current!);
    const stop = onScheme(draw);
    return () => {
      resized.disconnect();
      stop();
    };
  }, [survey.value]);

  return (
    <div class="timeline">
      <ul class="timeline-names" aria-hidden="true">
        {tracks.map(({ channel, allowance }) => (
          <li key={channel}>
            <span>{channel}</span>
            {allowance !== undefined && <span class="of">≤ {compact(allowance)}</span>}
          </li>
        ))}
      </ul>
      <div class="timeline-strips" ref={sizeFor(stripsHeight(tracks.length))}>
        <canvas ref={strips} aria-hidden="true" />
        <div ref={head} class="playhead" aria-hidden="true" />
        <input
          type="range"
          min={0}
          max={steps}
          value={t}
          aria-label="Step"
          aria-valuetext={spoken}
          onInput={(event) => session.seek(Number(event.currentTarget.value))}
        />
      </div>
    </div>
  );
}

function place({ survey, t }: Session, steps: number): string {
  const at = `step ${t.value} of ${steps}`;
  if (survey.value === undefined) return at;
  return `${at}, episode ${episodeAt(survey.value, t.value - 1) + 1} of ${survey.value.episodes.length}`;
}

/** The height through the DOM: the page's policy forbids style attributes in its HTML. */
function sizeFor(height: number): (element: HTMLElement | null) => void {
  return (element) => element?.style.setProperty("height", `${height}px`);
}

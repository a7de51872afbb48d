/**
 * The timeline under the picture: strips of cost, marks of broken limits, and a slider over both.
 *
 * @module
 */
import { useSignalEffect } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { compact } from "../parts/format.ts";
import { fitCanvas, onScheme, readPalette } from "./palette.ts";
import type { Session } from "./session.ts";
import { drawPlayhead, drawStrips, STRIP, stripsHeight } from "./strips.ts";
import { episodeAt } from "./survey.ts";

export function TimeLine({ session, steps }: { session: Session; steps: number }) {
  const { survey, t } = session;
  const tracks = survey.value?.tracks ?? [];
  const strips = useRef<HTMLCanvasElement>(null);
  const head = useRef<HTMLCanvasElement>(null);

  function drawAll(): void {
    if (survey.value !== undefined) drawStrips(survey.value, fitCanvas(strips.current!), readPalette());
    drawHead();
  }

  function drawHead(): void {
    if (head.current === null) return;
    const view = fitCanvas(head.current);
    view.context.clearRect(0, 0, view.width, view.height);
    drawPlayhead(t.value, steps, view, view.height, readPalette());
  }

  useSignalEffect(() => {
    t.value;
    drawHead();
  });

  useEffect(() => {
    drawAll();
    const resized = new ResizeObserver(drawAll);
    resized.observe(strips.current!);
    const stop = onScheme(drawAll);
    return () => {
      resized.disconnect();
      stop();
    };
  }, [survey.value]);

  return (
    <div class="timeline">
      <ul class="timeline-names" aria-hidden="true">
        {tracks.map(({ channel, allowance }) => (
          <li key={channel} data-height={STRIP}>
            <span>{channel}</span>
            {allowance !== undefined && <span class="of">≤ {compact(allowance)}</span>}
          </li>
        ))}
      </ul>
      <div class="timeline-strips" data-strips={tracks.length} ref={sizeFor(stripsHeight(tracks.length))}>
        <canvas ref={strips} aria-hidden="true" />
        <canvas ref={head} aria-hidden="true" />
        <input
          type="range"
          min={0}
          max={steps}
          value={t.value}
          aria-label="Step"
          aria-valuetext={spoken(session, steps)}
          onInput={(event) => session.seek(Number(event.currentTarget.value))}
        />
      </div>
    </div>
  );
}

function spoken({ survey, t }: Session, steps: number): string {
  const place = `step ${t.value} of ${steps}`;
  if (survey.value === undefined) return place;
  return `${place}, episode ${
    episodeAt(survey.value, Math.max(0, t.value - 1)) + 1
  } of ${survey.value.episodes.length}`;
}

/** The height through the DOM: the page's policy forbids style attributes in its HTML. */
function sizeFor(height: number): (element: HTMLElement | null) => void {
  return (element) => element?.style.setProperty("height", `${height}px`);
}

/**
 * The moving picture.
 *
 * @module
 */
import { useSignalEffect } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { fitCanvas, onScheme, type Palette, readPalette } from "./palette.ts";
import type { Session } from "./session.ts";
import { between, drawScene } from "./stage.ts";

const NOBODY: ReadonlySet<number> = new Set();

export function Stage({ session }: { session: Session }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const palette = useRef<Palette>();

  function draw(share: number): void {
    const film = session.film();
    if (film === undefined || canvas.current === null) return;
    const colors = palette.current ??= readPalette();
    const frame = between(film.previous, film.current, share);
    const broken = session.survey.value?.broken.get(film.t - 1) ?? NOBODY;
    drawScene(
      { frame, trails: film.trails, charged: film.charged, broken },
      fitCanvas(canvas.current),
      colors,
    );
  }

  useSignalEffect(() => {
    session.replay.value;
    session.survey.value;
    session.t.value;
    if (!session.playing.value) draw(1);
  });

  useSignalEffect(() => {
    if (!session.playing.value) return;
    let last = performance.now();
    let request = requestAnimationFrame(function tick(now) {
      const seconds = Math.min(0.1, Math.max(0, now - last) / 1000);
      last = now;
      draw(session.advance(seconds));
      request = requestAnimationFrame(tick);
    });
    return () => cancelAnimationFrame(request);
  });

  useEffect(() => {
    const again = () => draw(1);
    const resized = new ResizeObserver(again);
    resized.observe(canvas.current!);
    const stop = onScheme(() => {
      palette.current = readPalette();
      again();
    });
    return () => {
      resized.disconnect();
      stop();
    };
  }, []);

  return (
    <canvas
      ref={canvas}
      class="stage"
      role="img"
      aria-label="The world at the current step"
      onClick={session.toggle}
    />
  );
}

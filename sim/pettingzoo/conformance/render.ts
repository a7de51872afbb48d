/**
 * Whether every render mode that an environment names gives what the mode promises, without touching the episode.
 *
 * Source   PettingZoo @ 761353e6, pettingzoo/test/render_test.py
 *
 * @module
 */
import type { Frame } from "../../types.ts";
import type { AnyEnv, Rendering, RenderMode } from "../types.ts";
import { capture } from "../wrappers/capture_stdout.ts";
import { check, checkSame } from "./check.ts";
import { walk } from "./walk.ts";

/** Five pictures in each mode; what mode "human" prints does not reach the console. */
export function renderTest(make: (renderMode: RenderMode) => AnyEnv): void {
  const { renderModes } = make("frame").metadata;
  check(renderModes.length > 0, "metadata.renderModes is empty: name the modes that render() knows");
  for (const mode of renderModes) {
    const env = make(mode);
    check(env.renderMode === mode, `renderMode is ${env.renderMode} in an environment made for ${mode}`);
    const play = walk(env);
    play.reset({ seed: 0 });
    for (let i = 0; i < 5; i++) {
      const before = Float32Array.from(env.state());
      const { returned, text } = capture(() => env.render());
      PROMISES[mode](returned, text);
      checkSame(`render() in mode ${mode}`, before, env.state(), "rendering must not touch the episode");
      if (play.over()) play.reset();
      play.step(play.draw());
    }
    env.close();
  }
}

const PROMISES: Readonly<Record<RenderMode, (rendering: Rendering, printed: string) => void>> = {
  frame(rendering) {
    check(typeof rendering === "object", `mode frame gave ${rendering}: it gives a Frame`);
    const { camera, shapes, caption } = rendering as Frame;
    check(
      camera.length === 4 && camera.every(Number.isFinite) && camera[0] < camera[1] && camera[2] < camera[3],
      `the camera is [${camera}]: it is [xmin, xmax, ymin, ymax]`,
    );
    check(typeof caption === "string", `the caption is ${caption}: it is text, "" where there is none`);
    for (const shape of shapes) {
      check(
        [shape.x, shape.y, shape.r].every(Number.isFinite),
        `a ${shape.kind} stands at ${shape.x}, ${shape.y} with radius ${shape.r}: these are finite numbers`,
      );
    }
  },
  ansi(rendering) {
    check(typeof rendering === "string" && rendering !== "", `mode ansi gave ${rendering}: it gives text`);
  },
  human(rendering, printed) {
    check(rendering === undefined, `mode human gave ${rendering}: it prints, and returns nothing`);
    check(printed !== "", "mode human printed nothing: it prints the picture by console.log");
  },
};

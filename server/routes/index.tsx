import { page } from "fresh";
import { plural } from "../../islands/parts/format.ts";
import RunList from "../../islands/RunList.tsx";
import { define } from "../define.ts";
import { Empty } from "../parts/Empty.tsx";

/** Points of a card's curve. */
const POINTS = 60;

export const handlers = define.handlers({
  GET({ state }) {
    const runs = state.store.runs();
    const curves = Object.fromEntries(runs.map(({ name }) => {
      const [curve] = state.store.series(name, ["episode/return"], POINTS);
      return [name, curve?.value ?? []];
    }));
    state.title = "Runs";
    return page({ runs, curves, now: Date.now() });
  },
});

export default define.page<typeof handlers>(({ data }) => {
  if (data.runs.length === 0) return <NoRuns />;
  const running = data.runs.filter(({ status }) => status === "running").length;
  return (
    <>
      <div class="page-head">
        <h1>Runs</h1>
        <p class="caption">
          {plural(data.runs.length, "run")}
          {running > 0 && `, ${running} running`}
        </p>
      </div>
      <RunList {...data} />
    </>
  );
});

function NoRuns() {
  return (
    <Empty title="The paddock is empty">
      <p>Train a first policy that keeps inside its limits. It takes about a minute:</p>
      <pre class="command"><code>deno task demo</code></pre>
      <p>or pick your own:</p>
      <pre class="command"><code>deno task paddock train --scenario safe/crossing --algorithm mappo --constraint lagrangian</code></pre>
      <p class="caption">Runs appear here as soon as they start.</p>
    </Empty>
  );
}

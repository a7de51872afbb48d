import { HttpError, page } from "fresh";
import Replay from "../../../../../islands/Replay.tsx";
import { define } from "../../../../define.ts";
import { Crumbs } from "../../../../parts/Crumbs.tsx";

export const handlers = define.handlers({
  GET({ state, params }) {
    const name = params["name"]!;
    const file = params["file"]!;
    const replay = state.store.run(name) && state.store.replays(name).find((info) => info.file === file);
    if (replay === undefined) throw new HttpError(404, `There is no replay "${file}" of a run "${name}"`);
    state.title = `${file}, ${name}`;
    const ownScenario = state.store.config(name)["file"] !== undefined;
    return page({ replay, ownScenario });
  },
});

export default define.page<typeof handlers>(({ data: { replay, ownScenario } }) => {
  const run = encodeURIComponent(replay.run);
  const api = `/api/runs/${run}`;
  return (
    <>
      <Crumbs trail={[["Runs", "/"], [replay.run, `/runs/${run}`]]} here={replay.file} />
      <div class="page-head page-head-tight">
        <h1>{replay.file}</h1>
        <p class="page-what">
          <span class="mono">{replay.scenario}</span>
          <span class="chip">{replay.policy}</span>
        </p>
      </div>
      <Replay
        url={`${api}/replays/${encodeURIComponent(replay.file)}`}
        steps={replay.steps}
        {...ownScenario && { scenario: `${api}/scenario.js` }}
      />
    </>
  );
});

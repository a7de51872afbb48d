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
    return page(replay);
  },
});

export default define.page<typeof handlers>(({ data }) => {
  const run = encodeURIComponent(data.run);
  return (
    <>
      <Crumbs trail={[["Runs", "/"], [data.run, `/runs/${run}`]]} here={data.file} />
      <div class="page-head page-head-tight">
        <h1>{data.file}</h1>
        <p class="page-what">
          <span class="mono">{data.scenario}</span>
          <span class="chip">{data.policy}</span>
        </p>
      </div>
      <Replay url={`/api/runs/${run}/replays/${encodeURIComponent(data.file)}`} steps={data.steps} />
    </>
  );
});

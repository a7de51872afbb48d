import { HttpError, page } from "fresh";
import type { RunDetail } from "../../../../islands/protocol.ts";
import Run from "../../../../islands/Run.tsx";
import { define } from "../../../define.ts";
import { Config } from "../../../parts/Config.tsx";
import { Crumbs } from "../../../parts/Crumbs.tsx";

export const handlers = define.handlers({
  GET({ state, params }) {
    const name = params["name"]!;
    const run = state.store.run(name);
    if (run === undefined) throw new HttpError(404, `There is no run "${name}"`);
    state.title = name;
    return page<RunDetail & { folder: string }>({
      folder: `${state.runs}/${name}`,
      run,
      config: state.store.config(name),
      evaluations: state.store.evaluations(name),
      replays: state.store.replays(name),
    });
  },
});

export default define.page<typeof handlers>(({ data: { config, ...detail } }) => (
  <>
    <Crumbs trail={[["Runs", "/"]]} here={detail.run.name} />
    <Run {...detail} />
    <Config config={config} />
  </>
));

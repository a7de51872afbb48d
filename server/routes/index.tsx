import { page } from "fresh";
import RunList from "../../islands/RunList.tsx";
import { define } from "../define.ts";

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
    return page({ runs, curves, folder: state.runs, now: Date.now() });
  },
});

export default define.page<typeof handlers>(({ data }) => <RunList {...data} />);

import { createDefine, HttpError, page } from "fresh";

const define = createDefine<unknown>();

export const handlers = define.handlers({
  GET(ctx) {
    const { id } = ctx.params;
    if (id === "missing") throw new HttpError(404, `No item "${id}"`);
    if (id === "broken") throw new Error("secret detail");
    return page({ title: `Item ${id}` }, { headers: { "x-item": "yes" } });
  },
});

export default define.page<typeof handlers>(({ data }) => <h1>{data.title}</h1>);

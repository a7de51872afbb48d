import { createDefine } from "fresh";

export const handler = createDefine<unknown>().handlers({
  POST: (ctx) => new Response(`posted ${ctx.params["rest"]}`),
});

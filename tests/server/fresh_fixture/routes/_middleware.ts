import { createDefine } from "fresh";

export default createDefine<unknown>().middleware(async (ctx) => {
  const response = await ctx.next();
  response.headers.append("x-trail", "root");
  return response;
});

import { createDefine } from "fresh";

export const handler = createDefine<unknown>().middleware([async (ctx) => {
  const response = await ctx.next();
  response.headers.append("x-trail", "items");
  return response;
}]);

/**
 * An HTTP server for the length of a test, with a handler that says what it was asked.
 *
 * @module
 */
import { type HttpOptions, type HttpServer, startHttp } from "../../server/http.ts";

type Setup = Partial<HttpOptions> & Pick<HttpOptions, "handler">;

export async function withServer(setup: Setup, work: (server: HttpServer) => Promise<void>): Promise<void> {
  const server = await startHttp({ port: 0, ...setup });
  try {
    await work(server);
  } finally {
    await server.close(200);
  }
}

export const echo = async (request: Request): Promise<Response> => {
  const { pathname, search } = new URL(request.url);
  const body = request.method === "GET" ? "" : await request.text();
  return new Response(`${request.method} ${pathname}${search} ${request.headers.get("x-a")} ${body.length}`, {
    status: 201,
    headers: [["x-b", "c"], ["set-cookie", "a=1"], ["set-cookie", "b=2"]],
  });
};

export const get = (path: string, host = "localhost", connection = "close") =>
  `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: ${connection}\r\n\r\n`;

/**
 * What islands may import of Fresh: it runs in the browser and on the server.
 *
 * @module
 */
import { BUILD_ID } from "./build_id.ts";

/** The address of a static file, marked so that the browser may keep it until the server restarts. */
export function asset(path: string): string {
  if (!path.startsWith("/") || path.startsWith("//") || path.includes("#")) return path;
  return `${path}${path.includes("?") ? "&" : "?"}__frsh_c=${BUILD_ID}`;
}

/**
 * @module
 */

/** Put in by the bundler; absent on the server. */
declare const FRESH_BUILD_ID: string | undefined;

/** Changes with every start of the server, so a browser never mixes files of two builds. */
export const BUILD_ID: string = typeof FRESH_BUILD_ID === "string"
  ? FRESH_BUILD_ID
  : crypto.randomUUID().slice(0, 8);

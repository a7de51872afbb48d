/**
 * JSON inside HTML.
 *
 * @module
 */

/**
 * JSON that may stand inside a `<script type="application/json">`: no `<` is left, so neither `</script` nor
 * `<!--` can end it early, and no line separator that older parsers refuse. `JSON.parse` gives the value back.
 */
export function scriptJson(value: unknown): string {
  return JSON.stringify(value)
    .replaceAll("<", "\\u003c")
    .replaceAll(">", "\\u003e")
    .replaceAll("&", "\\u0026")
    .replaceAll("\u2028", "\\u2028")
    .replaceAll("\u2029", "\\u2029");
}

/**
 * The docstring of a scenario's file as Markdown: what stands before its labels as text, each label as a point of a
 * list, what is laid out in lines, such as equations and tables, kept so.
 *
 * @module
 */

/** The docstring at the head of a source file, without its stars and its `@module`. */
export function docstringOf(source: string): string {
  const body = /^\/\*\*\n([\s\S]*?)\n? \*\//.exec(source)?.[1] ?? "";
  return body.split("\n").map((line) => line.replace(/^ \* ?/, "")).join("\n")
    .replace(/@module\s*$/, "").trim();
}

/** A label with its text, or text without one. */
interface Entry {
  readonly label?: string;
  readonly lines: string[];
}

/** `Action       [2]  torque` begins an entry; what follows is indented as far as its text. */
const LABEL = /^([A-Z]\w*)( {2,})(?=\S)/;

export function toMarkdown(docstring: string): string {
  const entries: Entry[] = [{ lines: [] }];
  let indent = 0;
  for (const line of docstring.split("\n")) {
    const [head, label] = LABEL.exec(line) ?? [];
    if (head !== undefined && label !== undefined) {
      indent = head.length;
      entries.push({ label, lines: [line.slice(indent)] });
    } else if (indent > 0 && /^\S/.test(line)) {
      indent = 0;
      entries.push({ lines: [line] });
    } else entries.at(-1)!.lines.push(line.slice(Math.min(indent, line.search(/\S|$/))));
  }
  return entries.map(written).filter((text) => text !== "").join("\n");
}

function written({ label, lines }: Entry): string {
  const text = lines.join("\n").trim();
  if (text === "") return "";
  if (label === undefined) return `${text.split(/\n\s*\n/).map(flowing).join("\n\n")}\n`;
  const [first, ...more] = text.split(/\n\s*\n/).map(block);
  const below = /^(```|- )/.test(first!);
  const opening = below ? `- **${label}**:\n\n${shifted(first!)}` : `- **${label}**: ${first}`;
  return [opening, ...more.map(shifted)].join("\n\n");
}

/** Text, a list, or lines as they are. */
function block(text: string): string {
  const items = text.split(/\n(?=`[^`]+` {2,}\S)/);
  if (items.length > 1 && items.every((item) => /^`[^`]+` {2,}/.test(item))) {
    return items.map((item) => `- ${flowing(item)}`).join("\n");
  }
  if (laidOut(text)) return "```text\n" + text + "\n```";
  return flowing(text);
}

/** Whether the lines of a block are no running text: equations below one another, or columns. */
function laidOut(text: string): boolean {
  const lines = text.split("\n");
  if (lines.length < 2) return false;
  const equations = lines.filter((line) => /^[^\s(,;]{1,24}(\s[^\s]{1,6})? (=|←|≤|<=) /.test(line)).length;
  const columns = lines.filter((line) => / {3,}\S/.test(line)).length;
  return equations >= 2 || columns >= 2 || equations + columns >= 2;
}

function shifted(block: string): string {
  return block.split("\n").map((line) => line === "" ? "" : `  ${line}`).join("\n");
}

/** Lines joined, with what Markdown would take for its own marks made plain; code stays as it is. */
function flowing(text: string): string {
  return text.trim().replace(/\] {2,}/g, "]: ").replace(/\s+/g, " ").split(/(`[^`]*`)/)
    .map((part) => part.startsWith("`") ? part : plain(part)).join("");
}

/** Text in which nothing is a mark of Markdown. */
export function plain(text: string): string {
  return text.replace(/[\\*<~]|\[(?=[^\]]*\]\()/g, "\\$&").replace(/(^|\W)_|_(\W|$)/g, "$1\\_$2");
}

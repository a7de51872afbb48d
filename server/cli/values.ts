/**
 * What stands behind a flag: numbers like `1e6`, JSON for lists, `NAME=VALUE` pairs, limits.
 *
 * @module
 */
import { suggest, UsageError } from "../../core/mod.ts";
import { flaws, isFlaw, type LimitKind } from "../../sim/mod.ts";

/**
 * `1e6` is a number, `true` a truth, `[64,64]` and `{"a":1}` are JSON, anything else is text. `where` is named in errors.
 */
export function parseValue(text: string, where: string): unknown {
  const trimmed = text.trim();
  if (/^[-+]?(\d[\d_]*\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(trimmed)) return Number(trimmed.replaceAll("_", ""));
  if (trimmed === "true" || trimmed === "false") return trimmed === "true";
  if (!/^[[{"]/.test(trimmed) && trimmed !== "null") return text;
  try {
    return JSON.parse(trimmed);
  } catch (error) {
    throw new UsageError(`${where}: ${text} is not JSON: ${(error as Error).message}`);
  }
}

/** `["N=4", "hidden=[64,64]"]` as a record; each name once. `flag` is named in errors. */
export function parsePairs(flag: string, pairs: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(
    distinct(flag, pairs).map(([name, value]) => [name, parseValue(value, `${flag} ${name}`)]),
  );
}

/**
 * `["sensorNoise=0.05", "observationDelay=2"]` as the param that the simulator reads them from; JSON gives all options.
 * A flaw may stand twice, before and behind another.
 */
export function parseRealism(pairs: readonly string[]): Record<string, unknown> {
  if (pairs.length === 0) return {};
  const realism = pairs.map((pair) => {
    const [name, text] = split("--realism", pair);
    if (!isFlaw(name)) {
      const names = Object.keys(flaws);
      const near = suggest(name, names);
      const hint = near === undefined ? "" : ` Did you mean "${near}"?`;
      throw new UsageError(
        `--realism ${pair}: there is no flaw "${name}".${hint} There is: ${names.join(", ")}`,
      );
    }
    const value = parseValue(text, `--realism ${name}`);
    const option = flaws[name].number;
    if (typeof value === "number" || Array.isArray(value)) return { [name]: { [option]: value } };
    if (typeof value === "object" && value !== null) return { [name]: value };
    throw new UsageError(
      `--realism ${name}: expected a number (its ${option}), or JSON such as {"${option}":1}, found ${text}`,
    );
  });
  return { realism };
}

/** A limit as `--limit` states it; without a kind, that of the scenario's budget holds. */
export interface LimitFlag {
  readonly channel: string;
  readonly kind?: LimitKind;
  readonly limit: number;
}

const kinds: readonly LimitKind[] = ["episode", "discounted", "rate", "step", "chance", "cvar"];

/** `contact=2`, or with the unit of the limit `contact=rate:0.1`. */
export function parseLimits(pairs: readonly string[]): LimitFlag[] {
  return distinct("--limit", pairs).map(([channel, value]) => {
    const pair = `${channel}=${value}`;
    const [number, name] = value.split(":").reverse();
    const limit = parseValue(number!, `--limit ${channel}`);
    if (typeof limit !== "number" || !(limit >= 0)) {
      throw new UsageError(`--limit ${pair}: expected a number of at least 0 after "=", found ${number}`);
    }
    if (name === undefined) return { channel, limit };
    const kind = kinds.find((kind) => kind === name);
    if (!kind) {
      throw new UsageError(
        `--limit ${pair}: there is no kind of limit "${name}". There is: ${kinds.join(", ")}`,
      );
    }
    return { channel, limit, kind };
  });
}

/** Names and values; a name that stands twice is refused, since one of its values would be dropped. */
function distinct(flag: string, pairs: readonly string[]): [string, string][] {
  const parts = pairs.map((pair) => split(flag, pair));
  const names = parts.map(([name]) => name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice === undefined) return parts;
  const values = parts.filter(([name]) => name === twice).map(([, value]) => value);
  throw new UsageError(`${flag} ${twice} is given more than once (${values.join(", ")}): leave one`);
}

function split(flag: string, pair: string): [string, string] {
  const at = pair.indexOf("=");
  if (at > 0) return [pair.slice(0, at), pair.slice(at + 1)];
  throw new UsageError(`${flag} ${pair}: expected NAME=VALUE`);
}

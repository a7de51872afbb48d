/**
 * Runs in the browser: loads the module of each island on the page and hydrates it where it stands.
 *
 * @module
 */
import { type ComponentType, h, hydrate } from "preact";

interface Manifest {
  /** Address of the module, by `file#export`. */
  readonly islands: Readonly<Record<string, string>>;
  readonly props: readonly object[];
}

const text = document.getElementById("fresh-islands")?.textContent ?? '{"islands":{},"props":[]}';
const { islands, props }: Manifest = JSON.parse(text);

for (const marker of document.querySelectorAll<HTMLElement>("fresh-island")) {
  const id = marker.dataset["island"] ?? "";
  const url = islands[id];
  if (url !== undefined) void wake(marker, url, id.split("#")[1] ?? "default");
}

async function wake(marker: HTMLElement, url: string, name: string): Promise<void> {
  marker.style.display = "contents";
  const module: Record<string, ComponentType> = await import(url);
  const Island = module[name];
  if (Island === undefined) throw new Error(`${url} has no export "${name}"`);
  hydrate(h(Island, props[Number(marker.dataset["props"])] ?? {}), marker);
  marker.dataset["ready"] = "";
}

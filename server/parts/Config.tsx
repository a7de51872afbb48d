/**
 * @module
 */

/** Every setting of a run, as it was saved. */
export function Config({ config }: { config: Readonly<Record<string, unknown>> }) {
  return (
    <details class="card config">
      <summary>Configuration</summary>
      <pre>{JSON.stringify(config, null, 2)}</pre>
    </details>
  );
}

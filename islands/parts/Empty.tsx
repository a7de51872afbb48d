/**
 * What stands where nothing is yet, with the command that changes it.
 *
 * @module
 */
import type { ComponentChildren } from "preact";

export function Empty({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <section class="empty">
      <svg class="empty-art" viewBox="0 0 240 96" aria-hidden="true">
        <path class="hill" d="M0 84 Q60 52 120 70 T240 62 V96 H0z" />
        <path class="rails" d="M14 46 H226 M14 62 H226" />
        <path class="posts" d="M30 34 V84 M90 34 V84 M150 34 V84 M210 34 V84" />
        <circle class="sun" cx="182" cy="20" r="9" />
      </svg>
      <h1>{title}</h1>
      {children}
    </section>
  );
}

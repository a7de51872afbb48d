import { asset } from "fresh/runtime";
import { define } from "../define.ts";

/** In the order in which later ones may overrule. */
const SHEETS = ["base", "frame", "runs", "run", "replay"] as const;

export default define.layout(({ Component, state, url }) => (
  <html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      <title>{state.title === undefined ? "Paddock" : `${state.title} · Paddock`}</title>
      <link rel="icon" type="image/svg+xml" href={asset("/favicon.svg")} />
      <link rel="stylesheet" href={asset("/uplot.css")} />
      {SHEETS.map((sheet) => <link key={sheet} rel="stylesheet" href={asset(`/${sheet}.css`)} />)}
    </head>
    <body>
      <a class="skip" href="#main">Skip to content</a>
      <header class="top">
        <a class="brand" href="/" aria-label="Paddock, all runs">
          <Logo />
          <span>Paddock</span>
        </a>
        <nav aria-label="Main">
          <a href="/" aria-current={url.pathname === "/" ? "page" : undefined}>Runs</a>
          <a href="/api/openapi.json">API</a>
        </nav>
      </header>
      <main id="main">
        <Component />
      </main>
    </body>
  </html>
));

function Logo() {
  return (
    <svg class="logo" viewBox="0 0 32 32" aria-hidden="true">
      <path d="M4 6.5a2 2 0 0 1 4 0V9h16V6.5a2 2 0 0 1 4 0V27a1.5 1.5 0 0 1-1.5 1.5h-1A1.5 1.5 0 0 1 24 27v-5H8v5a1.5 1.5 0 0 1-1.5 1.5h-1A1.5 1.5 0 0 1 4 27zM8 12.5v6h16v-6z" />
      <circle cx="16" cy="15.5" r="2.6" />
    </svg>
  );
}

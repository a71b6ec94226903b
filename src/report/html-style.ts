// The style of the page: the system's fonts, light and dark by the reader's choice, print. It fetches nothing, and no
// element carries a style of its own.

/** The one style sheet. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --page: light-dark(#ffffff, #15181c);
  --soft: light-dark(#f5f6f8, #1d2126);
  --line: light-dark(#e2e5e9, #30363d);
  --ink: light-dark(#1b1f24, #e4e8ec);
  --quiet: light-dark(#59636e, #9aa5b1);
  --mark: light-dark(#2563a8, #6aaef0);
  --band: light-dark(#a9c8e8, #2f5275);
  --pass: light-dark(#17703a, #56c77b);
  --fail: light-dark(#b42318, #ff8076);
  --open: light-dark(#8a5600, #e5b454);
  --wait: light-dark(#2563a8, #6aaef0);
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
  margin: 0 auto;
  max-width: 68rem;
  padding: 3rem 2rem 6rem;
  background: var(--page);
  color: var(--ink);
  font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
  font-variant-numeric: tabular-nums;
  overflow-wrap: break-word;
}
code, pre { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: .875em; }
code { overflow-wrap: anywhere; }
p { margin: 0 0 .75rem; }
a { color: var(--mark); }
small { display: block; color: var(--quiet); font-size: .8125rem; line-height: 1.3; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
:focus-visible { outline: 2px solid var(--mark); outline-offset: 2px; border-radius: 3px; }

.path { margin: 0 0 .5rem; color: var(--quiet); }
h1 { margin: 0 0 1rem; font-size: 1.625rem; line-height: 1.35; font-weight: 650; letter-spacing: -.01em; text-wrap: pretty; }
h1 .chip { margin-right: .6rem; }
.lead { max-width: 46rem; font-size: 1.0625rem; }
.facts { display: flex; flex-wrap: wrap; gap: .35rem 1.5rem; margin: 1.25rem 0 0; padding: 0; list-style: none; color: var(--quiet); }
.note { color: var(--quiet); font-size: .9375rem; }

.chip { color: var(--tone); font-weight: 600; white-space: nowrap; }
h1 .chip { display: inline-block; padding: .05em .55em .05em .45em; border: 1.5px solid; border-radius: .4em; }
.sign { width: 1em; height: 1em; margin-right: .35em; vertical-align: -.13em; fill: none; stroke: currentColor; stroke-width: 2.2; stroke-linecap: round; stroke-linejoin: round; }
.pass { --tone: var(--pass); }
.fail, .error { --tone: var(--fail); }
.inconclusive { --tone: var(--open); }
.pending { --tone: var(--wait); }
.dry-run { --tone: var(--quiet); }

nav { display: flex; flex-wrap: wrap; gap: .35rem 1.25rem; margin: 2rem 0 0; padding: .75rem 0; border-block: 1px solid var(--line); }
nav a { color: var(--quiet); text-decoration: none; }
nav a:hover { color: var(--ink); text-decoration: underline; text-underline-offset: .25em; }
section { margin: 3rem 0 0; scroll-margin-top: 1rem; }
h2 { margin: 0 0 .25rem; font-size: 1.25rem; font-weight: 650; letter-spacing: -.005em; }
h2 + .note { margin-bottom: 1.25rem; }

.scroll { margin: 0 0 1.25rem; overflow-x: auto; }
table { min-width: 60%; border-collapse: collapse; font-size: .9375rem; }
th, td { padding: .45rem 2rem .45rem 0; text-align: left; vertical-align: baseline; border-bottom: 1px solid var(--line); }
tr:has(+ tr > td:first-child:empty) td { border-bottom-color: transparent; }
th:last-child, td:last-child { padding-right: 0; }
th { color: var(--quiet); font-size: .8125rem; font-weight: 500; white-space: nowrap; }
.number { text-align: right; white-space: nowrap; }
th button { all: unset; cursor: pointer; }
th button:hover { color: var(--ink); }
th button:focus-visible { outline: 2px solid var(--mark); outline-offset: 3px; border-radius: 2px; }
th button::after { content: "↕"; margin-left: .35em; opacity: .35; }
[aria-sort=ascending] button::after { content: "↑"; opacity: 1; }
[aria-sort=descending] button::after { content: "↓"; opacity: 1; }

.chart { margin: 0 0 2rem; }
h2 + .chart, h2 + .scroll { margin-top: 1.25rem; }
figcaption { margin: 0 0 .5rem; font-weight: 600; font-size: .9375rem; }
.rows { display: grid; grid-template-columns: 14rem minmax(4rem, max-content) minmax(10rem, 1fr); column-gap: 1.25rem; align-items: center; }
.label { padding: .3rem 0; font-size: .9375rem; overflow-wrap: anywhere; }
.figure { text-align: right; font-weight: 600; font-size: .9375rem; }
.track, .ticks, .bar { display: block; width: 100%; overflow: visible; }
.track { position: relative; min-height: 32px; align-self: stretch; }
.track svg { position: absolute; inset: 0; width: 100%; height: 100%; overflow: visible; }
.bar { height: 12px; }
.ticks { height: 20px; }
.ticks text { fill: var(--quiet); font-size: .75rem; }
.grid { stroke: var(--line); }
.interval { stroke: var(--band); stroke-width: 8; }
.band { fill: var(--band); }
.point { fill: var(--mark); stroke: var(--page); stroke-width: 1.5; }
.region { fill: var(--pass); fill-opacity: .11; }
.bound { stroke: var(--pass); stroke-width: 1.5; }
.curves { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 24rem), 1fr)); gap: 0 3rem; }
.plane { display: grid; grid-template-columns: 3.25rem 1fr; column-gap: .5rem; }
.box { position: relative; height: 13rem; border-bottom: 1px solid var(--quiet); }
.box svg { position: absolute; inset: 0; width: 100%; height: 100%; }
.heights { width: 100%; height: 100%; overflow: visible; }
.heights text { fill: var(--quiet); font-size: .75rem; }
.plane .ticks { grid-column: 2; }
.plane path { vector-effect: non-scaling-stroke; }
path.grid, .curve, .bound { fill: none; }
.curve { stroke: var(--mark); stroke-width: 2; stroke-linejoin: round; }
.before { stroke: var(--quiet); stroke-dasharray: 5 3; }
.axis { margin-left: auto; }
.zero { stroke: var(--quiet); stroke-width: 1.5; }
.all { fill: var(--soft); }
.valid { fill: var(--mark); }
.lost { fill: var(--fail); fill-opacity: .75; }
.flying { fill: var(--band); }
.was { fill: none; stroke: var(--ink); stroke-width: 1.5; stroke-dasharray: 4 3; }
.legend { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; margin: .5rem 0 0; color: var(--quiet); font-size: .8125rem; }
.legend span { display: inline-flex; align-items: center; gap: .4em; }
.swatch { width: 14px; height: 10px; }
.swatch .region { stroke: var(--pass); stroke-width: 1; }

details { border-bottom: 1px solid var(--line); }
details > :not(summary) { margin-left: 1.1rem; }
.failures { border-top: 1px solid var(--line); }
summary { padding: .5rem 0; cursor: pointer; font-size: .9375rem; }
.where { margin: 0 .5rem; color: var(--quiet); }
.why { overflow-wrap: anywhere; }
pre { margin: 0 0 1rem; padding: .75rem 1rem; background: var(--soft); border-radius: 6px; white-space: pre-wrap; overflow-wrap: anywhere; tab-size: 2; }
details > .quote { max-height: 24rem; overflow: auto; }
.command { display: flex; align-items: flex-start; gap: .75rem; margin: 1rem 0 1.5rem; }
.command pre { flex: 1; min-width: 0; margin: 0; }
button, input { font: inherit; color: inherit; }
.command button, #unit-more, input { padding: .4rem .8rem; background: var(--page); border: 1px solid var(--line); border-radius: 6px; }
.command button { padding-block: .55rem; }
.command button:hover, #unit-more:hover { background: var(--soft); }
.tools { display: flex; align-items: baseline; gap: 1rem; margin: 0 0 .75rem; font-size: .9375rem; }
.tools[hidden] { display: none; }
.tools input { width: min(20rem, 60vw); margin-left: .5rem; }
.tools output { color: var(--quiet); }
#units td { white-space: nowrap; }
.unfold { all: unset; cursor: pointer; }
.unfold::before { content: "▸"; display: inline-block; width: 1.1em; color: var(--quiet); }
.unfold[aria-expanded=true]::before { content: "▾"; }
#units .folded { padding-left: 1.1em; }
.unfold:hover { color: var(--mark); }
.unfold:focus-visible { outline: 2px solid var(--mark); outline-offset: 2px; border-radius: 2px; }
#units .story > td { position: static; padding: 0 0 1rem; }
.story > td > div { position: sticky; left: 0; width: min(66rem, 100vw - 4rem); padding-left: 1.1rem; white-space: normal; }
.story pre { margin: 0 0 .5rem; }
h3 { margin: .75rem 0 .25rem; color: var(--quiet); font-size: .8125rem; font-weight: 500; }
#units :is(th, td):first-child { position: sticky; left: 0; background: var(--page); }

@media (max-width: 40rem) {
  body { padding: 1.5rem 1rem 4rem; }
  h1 { font-size: 1.3125rem; }
  .lead { font-size: 1rem; }
  .rows { grid-template-columns: minmax(0, 1fr) max-content; }
  .rows > span:empty { display: none; }
  .label { padding-top: .6rem; }
  .track { min-height: 24px; }
  .track, .ticks, .bar { grid-column: 1 / -1; }
  th, td { padding-right: .75rem; }
  td:first-child { min-width: 5em; }
}
@media print {
  :root { color-scheme: light; font-size: 9pt; }
  body { max-width: none; padding: 0; }
  nav, .tools, #unit-more, .command button { display: none; }
  section { margin-top: 1.5rem; }
  h2, figcaption { break-after: avoid; }
  figure, tr, summary, .label, .track { break-inside: avoid; }
  .scroll { overflow: visible; }
  th, td { padding-right: 1rem; }
  #units table { font-size: .875em; }
  #units .folded { padding-left: 0; }
  #units td { min-width: 5.5em; vertical-align: top; white-space: normal; overflow-wrap: anywhere; }
  th button::after { content: none; }
  details > .quote { max-height: none; overflow: visible; }
  .story > td > div { position: static; width: auto; }
  .unfold::before { content: ""; width: 0; }
  details::details-content { content-visibility: visible; display: block; }
  rect, circle, line, pre { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`;

import { palettes } from '../charts/palette.ts';

const { light, dark } = palettes;

/** The page's style: a paper's tables (rules, no boxes), light and dark, and a plain print. */
export const style = `
:root {
  color-scheme: light dark;
  --ink: light-dark(${light.ink}, ${dark.ink});
  --muted: light-dark(${light.muted}, ${dark.muted});
  --rule: light-dark(${light.rule}, ${dark.rule});
  --ground: light-dark(#fdfdfb, #16161a);
  --raised: light-dark(#f5f4ef, #1f1f24);
  --shade: light-dark(#0003, #fff4);
  --accent: light-dark(${light.series[0]}, ${dark.series[0]});
  ${light.series.map((colour, i) => `--series-${i}: light-dark(${colour}, ${dark.series[i]});`).join(' ')}
  --good: light-dark(#0f7040, #5fd39a);
  --bad: light-dark(#b3261e, #ff8f87);
  --warn-ink: light-dark(#7a4b00, #f2c46d);
  --warn-ground: light-dark(#fdf3dc, #2e2513);
  --serif: "Iowan Old Style", "Palatino Linotype", Palatino, "Source Serif 4", Georgia, "Noto Serif", "Liberation Serif", serif;
  --sans: Inter, "Segoe UI", "Helvetica Neue", "Liberation Sans", Arial, system-ui, sans-serif;
  --mono: ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "Liberation Mono", monospace;
}
:root[data-theme=light] { color-scheme: light; }
:root[data-theme=dark] { color-scheme: dark; }
* { box-sizing: border-box; }
html { scroll-behavior: smooth; -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 15px/1.55 var(--sans); }
.results:not(.plain) td, .score { font-variant-numeric: tabular-nums; }
main { max-width: 1180px; margin: 0 auto; padding: 40px 32px 96px; }
h1 { font: 600 40px/1.15 var(--serif); letter-spacing: -.015em; margin: 6px 0 24px; overflow-wrap: anywhere; }
h2 { font: 600 25px/1.25 var(--serif); letter-spacing: -.01em; margin: 0 0 6px; overflow-wrap: anywhere; }
h3 { font: 600 15px/1.4 var(--sans); margin: 0 0 8px; }
:is(.note, ol) + h3 { margin-top: 30px; }
main > section { margin-top: 60px; scroll-margin-top: 24px; }
a { color: var(--accent); text-decoration: none; }
a:hover { text-decoration: underline; }
code, pre, kbd { font-family: var(--mono); font-size: .88em; }
code { overflow-wrap: anywhere; }
button { font: inherit; color: inherit; background: none; border: 0; padding: 0; cursor: pointer; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
abbr { text-decoration: none; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }

.overline { display: flex; justify-content: space-between; align-items: center; color: var(--muted); font-size: 12px; letter-spacing: .09em; text-transform: uppercase; }
#theme { font-size: 20px; line-height: 1; padding: 6px; }
.facts { display: flex; flex-wrap: wrap; gap: 14px 36px; margin: 0; padding: 16px 0; border-block: 1px solid var(--rule); }
.facts dt { color: var(--muted); font-size: 12px; }
.facts dd { margin: 0; }
.facts .wide { flex-basis: 100%; }
.facts .wide dd { font-size: 13px; color: var(--muted); }
.quiet { color: var(--muted); }
.badge { display: inline-block; font-size: 11.5px; line-height: 1; padding: 4px 7px; border-radius: 99px; background: var(--warn-ground); color: var(--warn-ink); vertical-align: 1px; }
.toy-label, .state.partial { margin: 18px 0 0; padding: 12px 16px; border-left: 3px solid var(--warn-ink); background: var(--warn-ground); color: var(--warn-ink); max-width: none; }
.toy-label strong { text-transform: uppercase; letter-spacing: .06em; font-size: 12.5px; margin-right: 6px; }
.state p { margin: 0; }
.state.partial summary { cursor: pointer; margin-top: 6px; }
.state.partial table { color: var(--ink); }
.state.whole { color: var(--muted); margin: 16px 0 0; }
.state.whole::before { content: "✓ "; color: var(--good); }
nav, .params, .note, .facts dd, figcaption, .toy-label { overflow-wrap: anywhere; }
nav { display: flex; flex-wrap: wrap; gap: 4px 22px; margin-top: 14px; }

.params { display: flex; flex-wrap: wrap; gap: 2px 20px; margin: 0 0 16px; color: var(--muted); }
.params b { color: var(--ink); font-weight: 500; }
.note { color: var(--muted); font-size: 13px; max-width: 120ch; margin: 10px 0 0; }
.note b, .note u { color: var(--ink); }
u, .second .value { text-decoration: underline; text-decoration-thickness: 1.5px; text-underline-offset: 3px; }
.scroll { overflow-x: auto; background: linear-gradient(to right, var(--ground) 40%, transparent) left / 48px 100% no-repeat local, linear-gradient(to left, var(--ground) 40%, transparent) right / 48px 100% no-repeat local, linear-gradient(to right, var(--shade), transparent) left / 14px 100% no-repeat, linear-gradient(to left, var(--shade), transparent) right / 14px 100% no-repeat; }
@media screen and (min-width: 1240px) { .scroll.wide { position: relative; left: 50%; width: min(100vw - 64px, 1640px); transform: translateX(-50%); } }
.charts + .note { margin-top: 28px; }

.results { border-collapse: collapse; min-width: 100%; margin-top: 12px; border-block: 2px solid var(--ink); }
.results th, .results td { padding: 7px 14px; text-align: right; vertical-align: top; font-weight: 400; white-space: nowrap; }
.results thead th { vertical-align: bottom; font-weight: 600; padding-block: 8px; }
.results thead tr:last-child th { border-bottom: 1px solid var(--ink); }
.results thead th[rowspan] { border-bottom: 1px solid var(--ink); }
.results .name, .results .sub { white-space: normal; overflow-wrap: anywhere; max-width: 32em; }
.results .name { position: sticky; left: 0; z-index: 1; background: var(--ground); text-align: left; padding-left: 2px; min-width: 9em; }
.results .sub { min-width: 5.5em; }
.results .group { text-align: center; padding-bottom: 2px; position: relative; }
.results .group::after { content: ""; position: absolute; inset: auto 12px 0; border-bottom: 1px solid var(--rule); }
.results thead .sub { font-weight: 400; color: var(--muted); font-size: 13px; padding-top: 5px; }
.results tbody tr + tr > * { border-top: 1px solid var(--rule); }
.results tbody tr.trivial > * { color: var(--muted); }
.results tbody tr.trivial + tr:not(.trivial) > * { border-top: 1px solid var(--ink); }
.results tbody tr:hover > * { background: var(--raised); }
.results .n { color: var(--muted); }
.unit, .variant { color: var(--muted); font-weight: 400; }
.variant { display: block; font-size: 12px; }
.value { font-size: 16px; }
.best .value, .note b { font-weight: 700; }
.interval { display: block; font-size: 12px; line-height: 1.4; color: var(--muted); }
.p { margin-left: 5px; }
.scroll.wide .p { display: block; }
.scroll.wide .results :is(th, td) { padding-inline: 11px; }
.better .value { color: var(--good); }
.worse .value { color: var(--bad); }
.none { color: var(--muted); font-size: 13px; }
.overview .first, .overview .group { padding-left: 30px; }
.band th, .results .band th { text-align: left; padding: 14px 2px 5px; font: 600 15px var(--serif); border-bottom: 1px solid var(--rule); }
.costs tbody + tbody .band th, .results tbody + tbody .band th { border-top: 1px solid var(--ink); }
.plain th, .plain td { text-align: left; white-space: normal; }
.plain .message { overflow-wrap: anywhere; min-width: 24em; }

.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(440px, 100%), 1fr)); gap: 20px 40px; margin-top: 28px; }
.chart { margin: 0; max-width: 560px; }
.chart img { width: 100%; height: auto; }
.chart .on-light, .chart .on-dark { display: none; }
:root[data-theme=light] .chart .on-light, :root[data-theme=dark] .chart .on-dark { display: block; }
@media (prefers-color-scheme: light) { :root:not([data-theme]) .chart .on-light { display: block; } }
@media (prefers-color-scheme: dark) { :root:not([data-theme]) .chart .on-dark { display: block; } }
.chart .plot { position: relative; }
.chart .live { display: none; }
@media screen {
  .chart .drawn .live { display: block; }
  .chart .drawn img { display: none !important; }
}
.chart details { font-size: 13px; margin-top: 4px; }
.chart summary { cursor: pointer; color: var(--muted); }
.chart details .scroll { max-height: 320px; overflow: auto; }
.chart details .results { font-size: 12.5px; }
.chart details .results th, .chart details .results td { padding: 3px 8px; white-space: nowrap; }
figcaption { color: var(--muted); font-size: 13px; margin-top: 4px; }

.filter { display: flex; flex-wrap: wrap; gap: 6px 16px; margin: 14px 0 0; color: var(--muted); font-size: 13px; }
.filter input, .filter select, #sides select { font: inherit; color: var(--ink); background: var(--raised); border: 1px solid var(--rule); border-radius: 4px; padding: 3px 7px; max-width: 20em; }
.sort { font-weight: inherit; }
[aria-sort=descending] .sort::after { content: " ▼"; }
[aria-sort=ascending] .sort::after { content: " ▲"; }

.gallery { border-collapse: separate; border-spacing: 5px 4px; margin: 14px -5px 0; }
.gallery th { font-weight: 500; font-size: 13px; line-height: 1.3; padding: 2px; vertical-align: bottom; }
.gallery thead th { max-width: var(--picture); overflow-wrap: anywhere; }
.gallery thead .trivial { color: var(--muted); }
.gallery th.item { position: sticky; left: 0; z-index: 1; background: var(--ground); color: var(--muted); font-weight: 400; font-size: 12px; text-align: left; padding-right: 8px; vertical-align: middle; overflow-wrap: anywhere; width: 76px; min-width: 76px; }
.gallery td { padding: 0; text-align: center; vertical-align: top; }
.gallery button { display: block; cursor: zoom-in; }
.gallery img, .missing { display: block; width: var(--picture); aspect-ratio: 1; object-fit: cover; border-radius: 2px; background: var(--raised); }
.gallery img.pixels { image-rendering: pixelated; }
.gallery img.kernel { width: calc(var(--picture) / 2); margin: 3px auto 0; }
.gallery button:hover img { outline: 2px solid var(--accent); outline-offset: 1px; }
.missing { display: grid; place-items: center; color: var(--muted); font-size: 12px; }
.gallery td.edge, .gallery thead th.edge { padding-right: 14px; }
.gallery .words { margin: 2px 0 0; width: var(--picture); font-size: 11px; line-height: 1.3; color: var(--muted); }
.score { display: block; font-size: 12px; line-height: 1.7; color: var(--muted); min-height: 1.7em; }

.traces { margin: 28px 0 0; }
.trace { margin-top: 18px; }
.trace > p { margin: 0 0 6px; overflow-wrap: anywhere; }
.trace figure { margin: 0; }
.trace .lines, .trace .strip { display: flex; flex-wrap: wrap; gap: 10px 28px; }
.trace .strip { gap: 6px; margin-top: 8px; }
.trace .lines figure { max-width: 300px; }
.trace svg { background: var(--raised); border-radius: 2px; max-width: 100%; }
.trace path { fill: none; stroke: var(--line); stroke-width: 1.5; }
.trace .strip img { display: block; width: 84px; image-rendering: pixelated; border-radius: 2px; }
.trace .strip figcaption { font-size: 11px; }

.cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(340px, 100%), 1fr)); gap: 16px; margin-top: 16px; }
.card { background: var(--raised); border-radius: 6px; padding: 16px 18px; min-width: 0; overflow-wrap: anywhere; }
.card dl { display: grid; grid-template-columns: fit-content(50%) 1fr; gap: 3px 16px; margin: 0; font-size: 13.5px; }
.card dt { color: var(--muted); }
.card dd { margin: 0; }
pre { background: var(--raised); border-radius: 6px; padding: 18px 20px; overflow-x: auto; line-height: 1.5; margin: 14px 0 0; tab-size: 2; }

dialog { border: 0; padding: 0; color: var(--ink); background: var(--ground); width: 100vw; height: 100vh; max-width: none; max-height: none; }
dialog[open] { display: flex; flex-direction: column; }
.bar { display: flex; gap: 20px; align-items: center; padding: 12px 20px; border-bottom: 1px solid var(--rule); }
.keys { color: var(--muted); font-size: 13px; margin-left: auto; }
kbd { border: 1px solid var(--rule); border-radius: 4px; padding: 0 5px; }
#viewer-close { font-size: 18px; padding: 4px 8px; }
.modes { display: flex; gap: 12px; }
.modes button { border: 1px solid var(--rule); border-radius: 4px; padding: 2px 8px; font-size: 13px; }
.modes [aria-pressed=true] { border-color: var(--accent); background: var(--raised); }
#sides { display: flex; gap: 16px; align-items: center; padding: 10px 20px 0; }
#sides[hidden] { display: none; }
#divide { flex: 1; }
#panels figure > div { position: relative; }
#panels .over { position: absolute; inset: 0; overflow: hidden; }
#error-scale { margin: 0; padding: 0 20px 10px; color: var(--muted); font-size: 13px; }
#error-scale span { display: inline-block; width: 90px; height: 10px; background: linear-gradient(to right, #000, #f00 33%, #ff0 67%, #fff); }
#panels { flex: 1; min-height: 0; padding: 14px 0; display: grid; gap: 10px 14px; align-content: center; justify-content: center; touch-action: none; cursor: grab; }
#panels:active { cursor: grabbing; }
#panels figure { margin: 0; min-width: 0; }
#panels figure > div { aspect-ratio: 1; overflow: hidden; border-radius: 3px; background: var(--raised); }
#panels .chosen > div { outline: 2px solid var(--accent); outline-offset: 1px; }
#panels img { width: 100%; height: 100%; display: block; }
#panels figcaption { line-height: 1.35; user-select: none; }
#panels figcaption b { color: var(--ink); display: block; }

@media (max-width: 640px) {
  main { padding: 24px 16px 64px; }
  h1 { font-size: 30px; }
  .keys { display: none; }
  .gallery thead th.item { display: none; }
  .gallery tbody tr { display: flex; flex-wrap: wrap; gap: 0 5px; width: max-content; }
  .gallery tbody th.item { flex: 0 0 100%; padding-top: 8px; }
  .gallery { --picture: 84px !important; }
  .gallery thead tr { display: flex; gap: 5px; width: max-content; }
  .gallery thead th { width: 84px; }
}
@media print {
  :root, :root[data-theme=dark] { color-scheme: light; --ground: #fff; }
  body { font-size: 10.5pt; }
  main { max-width: none; padding: 0; }
  main > section { margin-top: 28pt; }
  nav, #theme, dialog { display: none !important; }
  :root .chart .on-light { display: block !important; }
  :root .chart .on-dark, .chart details { display: none !important; }
  h2, .params { break-after: avoid; }
  .charts { grid-template-columns: 1fr 1fr; gap: 12px; }
  table, figure, .card { break-inside: avoid; }
  .gallery { break-inside: auto; }
  .gallery tr { break-inside: avoid; }
  .gallery { --picture: 74px !important; }
  .gallery th.item { min-width: 40px; width: 40px; }
  .scroll { overflow: visible; }
  .results th, .results td { padding-inline: 6px; }
}
`;

import { html, type Markup } from '../../text/html.ts';
import { unknownNotes } from '../notes.ts';
import { randomPriors } from '../random-priors.ts';
import type { ReportSource } from '../source.ts';
import { completeness } from './completeness.ts';
import { formatDate } from './dates.ts';
import { commit, deviceList, versionList } from './provenance.ts';

/** Title, what it was made with (of the latest run), toy label, completeness and contents. */
export function header(
  source: ReportSource,
  contents: readonly { id: string; title: string }[],
  cellsAt: string | null,
): Markup {
  const latest = source.runs.at(-1);
  const toys = source.priors.filter(({ toy }) => toy);
  const random = randomPriors(source);
  return html`<header>
<div class="overline"><span>Tweedie report</span><button type="button" id="theme" aria-label="Switch between light and dark">◐</button></div>
<h1>${source.experiment}</h1>
<dl class="facts">
<div><dt>Date</dt><dd>${formatDate(source.generatedAt)}</dd></div>
${
  latest
    ? html`<div><dt>Device</dt><dd>${deviceList(latest.devices)} <span class="quiet">on ${latest.machine}</span></dd></div>
<div><dt>Code</dt><dd>${commit(latest.git)}</dd></div>`
    : null
}
<div><dt>Prior</dt><dd>${source.priors.map(({ name }) => name).join(', ') || 'none'}</dd></div>
${latest ? html`<div class="wide"><dt>Versions</dt><dd>${versionList(latest.versions)}</dd></div>` : null}
</dl>
${toys.length ? html`<p class="toy-label"><strong>Toy prior</strong> ${toys.map(({ name }) => name).join(', ')}: a small model that ships with the software. These numbers show how the methods compare on it; they say nothing about published benchmarks.</p>` : null}
${random.length ? html`<p class="toy-label"><strong>Random weights</strong> ${random.join(', ')}: drawn at random, not trained. These numbers test speed and paths; they say nothing about methods.</p>` : null}
${source.seen.map((what) => html`<p class="toy-label"><strong>Seen before</strong> ${what}.</p>`)}
${unknownNotes(source).map((note) => html`<p class="toy-label">${note}.</p>`)}
${completeness(source, cellsAt)}
<nav aria-label="Contents">${contents.map(({ id, title }) => html`<a href="#${id}">${title}</a>`)}</nav>
</header>`;
}

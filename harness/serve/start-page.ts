import { staticPage } from '../report/html/static-page.ts';
import { readNamed } from '../store/methods.ts';
import type { Named } from '../store/rows.ts';
import type { Store } from '../store/store.ts';
import { html, type Markup } from '../text/html.ts';
import type { Progress } from './progress.ts';

/** Between two looks at what has changed. */
const REFRESH_MS = 2000;

/** The part that changes is asked for again and again; where nobody answers any more the page says so. */
const script = `
setInterval(async () => {
  const state = document.getElementById('state');
  try {
    const answer = await fetch('/progress');
    if (!answer.ok) throw new Error(answer.status);
    document.getElementById('progress').innerHTML = await answer.text();
    state.textContent = '';
  } catch {
    state.textContent = 'no answer: tweedie serve has ended';
  }
}, ${REFRESH_MS});
`;

/** The first page: every experiment, and how far it is. */
export function startPage(store: Store, progress: readonly Progress[]): string {
  return staticPage(
    'results',
    html`<header><div class="overline"><span>Tweedie report: live, read only</span><span id="state" role="status"></span></div>
<h1>Results</h1><p class="note">${store.dir}</p></header>
<div id="progress">${progressParts(store, progress)}</div>`,
    script,
  );
}

/** The part of it that changes while runs go on. */
export function progressParts(store: Store, progress: readonly Progress[]): Markup {
  const named = readNamed(store);
  if (progress.length === 0) return html`<p>no experiment yet</p>`;
  return html`${progress.map((one) => experiment(one, named))}`;
}

function experiment(one: Progress, named: Named): Markup {
  const { name, total, done, failed, todo, versions, firstFailures, means } = one;
  return html`<section><h2><a href="/report/${encodeURIComponent(name)}">${name}</a></h2>
<p><progress max="${total}" value="${done + failed}"></progress> ${done} of ${total} cells done, ${failed} failed, ${todo} to do; ${state(one)}</p>
${means.length > 0 ? meansTable(means, named) : null}
${firstFailures.length > 0 ? html`<ul>${firstFailures.map(({ cell, kind, message }) => html`<li><a href="/cell/${cell}">${kind}</a> ${message}</li>`)}</ul>` : null}
${versions.length > 1 ? html`<p class="note">versions: ${versions.map(({ ref }) => html`<a href="/report/${encodeURIComponent(ref)}">${ref}</a> `)}</p>` : null}
</section>
`;
}

function state({ running, secondsLeft, lastRun }: Progress): string {
  if (running !== null)
    return `running (${running})${secondsLeft === null ? '' : `, about ${minutes(secondsLeft)} left`}`;
  return lastRun ? `last run ${lastRun.started} ${lastRun.outcome ?? 'killed'}` : 'never run';
}

function minutes(seconds: number): string {
  return seconds < 60 ? `${Math.ceil(seconds)} s` : `${Math.ceil(seconds / 60)} min`;
}

function meansTable(means: Progress['means'], { methods, settings }: Named): Markup {
  return html`<div class="scroll" tabindex="0"><table class="results plain"><thead><tr><th scope="col">Task</th><th scope="col">Method</th><th scope="col">Metric</th><th scope="col">Mean so far</th><th scope="col">N</th></tr></thead>
<tbody>${means.map(
    ({ method, setting, metric, mean, images }) => html`
<tr><td>${settings.get(setting)!.title}</td><td>${methods.get(method)!.title}</td><td>${metric}</td><td>${mean === null ? '—' : mean.toPrecision(4)}</td><td>${images}</td></tr>`,
  )}</tbody></table></div>`;
}

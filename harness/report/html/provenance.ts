import { groupBy } from '../../group-by.ts';
import { html, type Markup } from '../../text/html.ts';
import type { ReportSource, RunInfo } from '../source.ts';
import { formatDate } from './dates.ts';

/** The runs that computed the results, the priors' weights and the methods' sources. */
export function provenance({ runs, priors, methods }: ReportSource): Markup {
  const cited = new Map(
    methods.filter(({ paper }) => paper !== '').map(({ title, paper }) => [title, paper]),
  );
  return html`<div class="scroll" tabindex="0"><table class="results plain">
<thead><tr><th class="name" scope="col">Run</th><th scope="col">Started</th><th scope="col">Ended</th><th scope="col">Devices</th><th scope="col">Machine</th><th scope="col">Code</th><th scope="col">Versions</th></tr></thead>
<tbody>${runs.map(runRow)}</tbody></table></div>
<div class="cards">
<section class="card"><h3>Priors</h3><dl>${priors.map(
    ({ name, toy, weightsSha256 }) =>
      html`<dt>${name}${toy ? html` <span class="badge toy">toy</span>` : null}</dt><dd>weights sha256 <code>${weightsSha256}</code></dd>`,
  )}</dl></section>
${cited.size ? html`<section class="card"><h3>Methods</h3><dl>${[...cited].map(([title, paper]) => html`<dt>${title}</dt><dd>${paper}</dd>`)}</dl></section>` : null}
</div>`;
}

function runRow({ id, startedAt, endedAt, devices, machine, git, versions }: RunInfo): Markup {
  return html`<tr><th class="name" scope="row">${id}</th><td>${formatDate(new Date(startedAt))}</td><td>${endedAt ? formatDate(new Date(endedAt)) : 'not ended'}</td><td>${deviceList(devices)}</td><td>${machine}</td><td>${commit(git)}</td><td>${versionList(versions)}</td></tr>`;
}

export function commit(git: RunInfo['git']): Markup {
  if (!git) return html`no git`;
  return html`<code title="${git.commit}">${git.commit.slice(0, 10)}</code>${git.dirty ? html` <span class="badge dirty" title="the working tree differed from the commit">uncommitted changes</span>` : null}`;
}

export function versionList(versions: RunInfo['versions']): string {
  return Object.entries(versions)
    .map(([name, version]) => `${name} ${version}`)
    .join(', ');
}

/** cuda:0, cpu × 2 */
export function deviceList(devices: RunInfo['devices']): string {
  return [...groupBy(devices, (device) => device)]
    .map(([device, { length }]) => (length > 1 ? `${device} × ${length}` : device))
    .join(', ');
}

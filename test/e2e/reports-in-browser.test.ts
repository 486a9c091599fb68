/** Reports as users have them, opened in chromium: the demo's, one of 10,000 cells, one whose every name is hostile. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { builtIn } from '../../harness/plan/built-in.ts';
import { loadPlan } from '../../harness/plan/load.ts';
import { renderPage } from '../../harness/report/html/page.ts';
import { registerPlan } from '../../harness/scheduler/run-plan.ts';
import { closeStore, openStore } from '../../harness/store/store.ts';
import { withImages } from '../report/fixture.ts';
import { hostileSource } from '../report/hostile-source.ts';
import { saveMadeUp } from '../support/made-up-results.ts';
import { type Browser, CHROMIUM, hasChromium } from './chromium.ts';
import { Workplace } from './cli.ts';
import { OpenReport } from './open-report.ts';

if (!hasChromium) console.warn(`there is no ${CHROMIUM}: reports are not opened in a browser`);

vi.setConfig({ testTimeout: 120_000, hookTimeout: 600_000 });

const DEMO = join(import.meta.dirname, '../../configs/demo.yaml');

/** Two steps on two pictures of each task: all that the demo's page has, in less time. */
async function demo(place: Workplace): Promise<string> {
  const few = ['--set', 'data.count=2', '--set', 'solvers.*.steps=2'];
  const { code, stderr } = await place.run('run', DEMO, ...few);
  if (code !== 0) throw new Error(stderr);
  const made = await place.run('report', 'demo', '--cells', 'pages of cells');
  if (made.code !== 0) throw new Error(made.stderr);
  return join(place.dir, 'reports/demo.html');
}

/** 99 methods and the baseline on 10 pictures, 10 seeds each. */
async function tenThousandCells(place: Workplace): Promise<string> {
  const count = (to: number) => Array.from({ length: to }, (_, i) => i);
  const file = place.experiment('many', {
    plugins: [],
    prior: 'embedded',
    data: { set: 'toyfaces', split: 'test', count: 10 },
    seeds: count(10),
    tasks: ['super-resolution'],
    solvers: [{ ldps: { omega: count(99).map((i) => 1 + i / 10) } }],
    batch: 10,
    report: { baseline: 'ldps', charts: [{ x: 'ldps.omega', y: ['psnr'] }] },
  });
  const plan = await loadPlan(join(place.dir, file), builtIn);
  const store = openStore(place.results, { create: true });
  registerPlan(store, plan);
  await saveMadeUp(store, plan);
  closeStore(store);
  const { code, stderr } = await place.run('report', 'many');
  if (code !== 0) throw new Error(stderr);
  return join(place.dir, 'reports/many.html');
}

async function hostileNames({ dir }: Workplace): Promise<string> {
  const file = join(dir, 'hostile.html');
  writeFileSync(file, await renderPage(await withImages(hostileSource(), dir)));
  return file;
}

/** Rows from which on a table has a filter. */
const FILTERED = 13;

describe.skipIf(!hasChromium).each([
  { name: "the demo's report", make: demo, rows: 7 },
  { name: 'a report of 10,000 cells', make: tenThousandCells, rows: 100 },
  { name: 'a report of hostile names', make: hostileNames, rows: 38 },
])('$name', ({ make, rows }) => {
  const ends: (() => void)[] = [];
  let report: OpenReport;
  let browser: Browser;

  beforeAll(async () => {
    report = await OpenReport.open(await make(new Workplace((action) => ends.push(action))));
    browser = report.browser;
  });

  afterAll(async () => {
    await report?.close();
    for (const end of ends) end();
  });

  const table = `document.querySelector('#task-1 .results')`;
  const names = `[...${table}.querySelectorAll('tbody tr:not(.band)')].filter((row) => row.offsetHeight > 0).map((row) => row.cells[0].textContent)`;

  it('has a row a method', async () => {
    expect(await report.evaluate<string[]>(names)).toHaveLength(rows);
  });

  it('sorts by a metric, within its groups, and back', async () => {
    const bodies = `[...${table}.tBodies].map((body) => [...body.querySelectorAll('.mean:nth-of-type(2) .value')].map((value) => Number.parseFloat(value.textContent)))`;
    const before = await report.evaluate<string[]>(names);
    await browser.click('#task-1 .results .sort');
    for (const values of await report.evaluate<number[][]>(bodies))
      expect(values).toEqual([...values].sort((a, b) => b - a));
    await browser.click('#task-1 .results .sort');
    for (const values of await report.evaluate<number[][]>(bodies))
      expect(values).toEqual([...values].sort((a, b) => a - b));
    await browser.click('#task-1 .results .sort');
    expect(await report.evaluate(names)).toEqual(before);
  });

  it.runIf(rows >= FILTERED)('shows only the rows that have what is typed', async () => {
    const all = await report.evaluate<string[]>(names);
    const wanted = all.at(-2)!.split(/\s+/).at(-1)!.slice(0, 20);
    await browser.click('#task-1 label.filter input');
    await browser.send('Input.insertText', { text: wanted });
    const left = await report.evaluate<string[]>(names);
    expect(left).toEqual(all.filter((name) => name.toLowerCase().includes(wanted.toLowerCase())));
    expect(left.length).toBeLessThan(rows);
    await report.evaluate(
      `(() => { const input = document.activeElement; input.value = ''; input.oninput(); input.blur(); })()`,
    );
    expect(await report.evaluate(names)).toEqual(all);
  });

  it.runIf(make === demo)('leads from each picture of the viewer to the page of its cell', async () => {
    await browser.click('.gallery tbody td:nth-of-type(3) button');
    const links = `[...document.querySelectorAll('#panels figcaption a')].map(({ href }) => href)`;
    const pages = await report.evaluate<string[]>(links);
    await browser.press('Escape');
    expect(pages.length).toBeGreaterThan(5);
    for (const page of pages)
      expect(readFileSync(fileURLToPath(page), 'utf8')).toContain('Tweedie report: one cell');
  });

  it('is worked by keys alone: the viewer with its zoom, the same for all, its slider, and out again', async () => {
    const open = `document.getElementById('viewer').open`;
    const item = `document.getElementById('viewer-item').textContent`;
    await report.evaluate(`document.querySelector('.gallery tbody td:nth-of-type(3) button').focus()`);
    await browser.press('Enter');
    expect(await report.evaluate(open)).toBe(true);
    await browser.press('+');
    const zooms = `[...new Set([...document.querySelectorAll('#panels img')].map((img) => img.style.transform))]`;
    expect(await report.evaluate(zooms)).toEqual([expect.stringContaining('scale(1.5)')]);
    const first = await report.evaluate(item);
    await browser.press('ArrowRight');
    expect(await report.evaluate(item)).not.toBe(first);
    await browser.press('s');
    expect(await report.evaluate(`document.querySelectorAll('#panels figure').length`)).toBe(1);
    await report.evaluate(`document.getElementById('divide').focus()`);
    await browser.press('ArrowRight');
    expect(await report.evaluate(`document.querySelector('.over').style.clipPath`)).toContain('51%');
    await browser.press('Escape');
    expect(await report.evaluate(open)).toBe(false);
  });

  it('shows a restoration at 390 pixels, and scrolls sideways in no window', async () => {
    const right = `document.querySelector('.gallery tbody td:nth-of-type(3) img').getBoundingClientRect().right`;
    expect(await report.at<number>(390, right)).toBeLessThanOrEqual(390);
    for (const width of [390, 1400]) {
      const wide = 'document.documentElement.scrollWidth';
      expect(await report.at<number>(width, wide)).toBeLessThanOrEqual(width);
    }
  });

  it.runIf(make === demo)('has room for four metrics with their differences at 1,400 pixels', async () => {
    const boxes = `[...document.querySelectorAll('[id^=task] .scroll > .results:not(.numbers)')].map((table) => [table.querySelectorAll('thead th.group').length, table.parentElement.scrollWidth > table.parentElement.clientWidth])`;
    const tables = await report.at<[number, boolean][]>(1400, boxes);
    expect(tables).toEqual(Array(3).fill([4, false]));
  });

  it.each(['light', 'dark'] as const)('has no fault that axe finds, %s', async (theme) => {
    expect(await report.faults(theme)).toEqual([]);
  });

  it('has asked for nothing but itself, and nothing has complained', () => {
    expect(report.requests).toEqual([report.address]);
    expect(report.complaints).toEqual([]);
  });
});

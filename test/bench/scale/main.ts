/** `npm run bench:scale`: what starting, planning, running what is there, exporting, reporting and opening a report cost at 10,000 cells and more. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import Table from 'cli-table3';
import { Browser, hasChromium } from '../../e2e/chromium.ts';
import { makeUp, type Size, writeExperiment } from './synthetic.ts';

/** From test/bench/build/test/bench/scale. */
const TWEEDIE = fileURLToPath(new URL('../../../../../../dist/harness/cli/main.js', import.meta.url));
const SIZES: Readonly<Record<string, Size>> = {
  '10,000 cells: 99 methods': { methods: 99, pictures: 10, seeds: 10 },
  '10,000 cells: 200 pictures': { methods: 4, pictures: 200, seeds: 10 },
  '100,000 cells: 999 methods': { methods: 999, pictures: 10, seeds: 10 },
};

/** With its baseline 1,000 cells. */
const NO_OP: Size = { methods: 99, pictures: 10, seeds: 1 };

/** User and system seconds of a command of ours, with the processes that it starts. */
function cpuSeconds(dir: string, ...args: string[]): number {
  const command = ['-c', '"$@" >&2 || exit; times', 'sh', process.execPath, TWEEDIE, ...args];
  const { status, stdout, stderr } = spawnSync('sh', command, { cwd: dir, encoding: 'utf8' });
  const times = [...(stdout.split('\n')[1] ?? '').matchAll(/(\d+)m([\d.]+)s/g)];
  if (status !== 0 || times.length !== 2) throw new Error(stderr);
  return times.reduce((sum, [, minutes, seconds]) => sum + 60 * Number(minutes) + Number(seconds), 0);
}

/** From the navigation until the loaded page has been laid out and drawn. */
async function openSeconds(file: string): Promise<number> {
  const browser = await Browser.start();
  try {
    const start = performance.now();
    await browser.open(pathToFileURL(file).href);
    await browser.evaluate('document.body.getBoundingClientRect().height');
    await browser.send('Page.captureScreenshot', { format: 'jpeg', quality: 10 });
    return (performance.now() - start) / 1000;
  } finally {
    await browser.close();
  }
}

const filter = process.argv[2] ?? '';
/** Runs `use` in a folder of its own where the row is asked for. */
async function row(name: string, use: (dir: string) => Promise<void>): Promise<void> {
  if (!name.includes(filter)) return;
  const dir = mkdtempSync(join(tmpdir(), 'tweedie-scale-'));
  try {
    await use(dir);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

const style = { head: [], border: [] };
const small = new Table({ head: ['what', 'CPU seconds'], style });
await row('--version', async (dir) => {
  small.push(['tweedie --version', cpuSeconds(dir, '--version').toFixed(2)]);
});
await row('no-op', async (dir) => {
  writeExperiment(dir, NO_OP);
  const run = ['run', 'scale.yaml', '--no-report', '--workers', '1'];
  const first = cpuSeconds(dir, ...run);
  const again = cpuSeconds(dir, ...run);
  small.push(['run of 1,000 cells of a method that does nothing', first.toFixed(1)]);
  small.push(['the same again: all is there', again.toFixed(1)]);
  small.push(['a cell, by the difference of the two', `${(first - again).toFixed(1)} ms`]);
});
console.log(small.toString());

const table = new Table({
  head: ['experiment', 'plan', 'run again', 'export', 'report', 'MiB', 'open'],
  style,
});
for (const [name, size] of Object.entries(SIZES))
  await row(name, async (dir) => {
    await makeUp(dir, size);
    const report = join(dir, 'report.html');
    const seconds = [
      cpuSeconds(dir, 'plan', 'scale.yaml'),
      cpuSeconds(dir, 'run', 'scale.yaml', '--no-report'),
      cpuSeconds(dir, 'export', 'scale', '--out', 'cells.json'),
      cpuSeconds(dir, 'report', 'scale', '--out', report),
    ].map((value) => `${value.toFixed(1)} s`);
    const mib = (statSync(report).size / 2 ** 20).toFixed(1);
    table.push([name, ...seconds, mib, hasChromium ? `${(await openSeconds(report)).toFixed(1)} s` : '—']);
    console.error(String(table.at(-1)));
  });
console.log('CPU seconds of each command; seconds until Chromium has drawn the report.');
console.log(table.toString());

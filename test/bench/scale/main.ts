/** `npm run bench:scale`: what starting, planning, running what is there, exporting, reporting and opening a report cost at 10,000 cells and more. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Browser, hasChromium } from '../../e2e/chromium.ts';
import { describeMachine } from '../machine.ts';
import { markdownTable } from '../markdown.ts';
import { ssimCost } from './ssim.ts';
import { makeUp, type Size, writeExperiment } from './synthetic.ts';

/** From test/bench/build/test/bench/scale. */
const TWEEDIE = fileURLToPath(new URL('../../../../../../dist/harness/cli/main.js', import.meta.url));
const SIZES: Readonly<Record<string, Size>> = {
  '10,000 cells: 99 methods': { methods: 99, pictures: 10, seeds: 10 },
  '10,000 cells: 200 pictures': { methods: 4, pictures: 200, seeds: 10 },
  '100,000 cells: 999 methods': { methods: 999, pictures: 10, seeds: 10 },
};

/** Runs of a method that does nothing: with its baseline 1,000 cells, and 200 to take the start of a run off. */
const [MANY, FEW]: readonly [Size, Size] = [
  { methods: 99, pictures: 10, seeds: 1 },
  { methods: 19, pictures: 10, seeds: 1 },
];

/** User and system seconds of a command of ours, with the processes that it starts. */
function cpuSeconds(dir: string, ...args: string[]): number {
  const command = ['-c', '"$@" >&2 || exit; times', 'sh', process.execPath, TWEEDIE, ...args];
  const { status, stdout, stderr } = spawnSync('sh', command, { cwd: dir, encoding: 'utf8' });
  const times = [...(stdout.split('\n')[1] ?? '').matchAll(/(\d+)m([\d.]+)s/g)];
  if (status !== 0 || times.length !== 2) throw new Error(stderr);
  return times.reduce((sum, [, minutes, seconds]) => sum + 60 * Number(minutes) + Number(seconds), 0);
}

/** A batch that fails is run again, cell by cell: that would be measured instead. */
function requireFirstAttempts(dir: string): void {
  cpuSeconds(dir, 'export', 'scale', '--wide', '--columns', 'attempts', '--out', 'attempts.json');
  const cells = JSON.parse(readFileSync(join(dir, 'attempts.json'), 'utf8')) as { attempts: number }[];
  if (cells.some(({ attempts }) => attempts !== 1)) throw new Error('cells were tried more than once');
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

const seconds = (value: number) => `${value.toFixed(2)} s`;
const small: string[][] = [];
await row('--version', async (dir) => {
  small.push(['`tweedie --version`', seconds(cpuSeconds(dir, '--version'))]);
});
for (const batch of [10, 1])
  await row(`no-op, batch ${batch}`, async (dir) => {
    const run = ['run', 'scale.yaml', '--no-report', '--workers', '1'];
    writeExperiment(dir, { ...FEW, batch });
    const few = cpuSeconds(dir, ...run, '--results', 'few');
    writeExperiment(dir, { ...MANY, batch });
    const many = cpuSeconds(dir, ...run);
    requireFirstAttempts(dir);
    small.push([`a run of 1,000 cells of a method that does nothing, batches of ${batch}`, seconds(many)]);
    small.push([
      'of these a cell, by the difference to a run of 200',
      `${((many - few) / 0.8).toFixed(1)} ms`,
    ]);
  });
await row('SSIM', async () => {
  const { ours, theirs } = ssimCost();
  const peer = theirs ? `; scikit-image ${theirs.version}: ${seconds(theirs.seconds)}` : '';
  small.push(['SSIM of one plane of 2040 x 1356', `${seconds(ours)}${peer}`]);
});
console.log(`${describeMachine(1, [])}\n`);
console.log(`${markdownTable(['what', 'CPU'], small)}\n`);

const large: string[][] = [];
for (const [name, size] of Object.entries(SIZES))
  await row(name, async (dir) => {
    await makeUp(dir, size);
    const report = join(dir, 'report.html');
    const commands = [
      cpuSeconds(dir, 'plan', 'scale.yaml'),
      cpuSeconds(dir, 'run', 'scale.yaml', '--no-report'),
      cpuSeconds(dir, 'export', 'scale', '--out', 'cells.json'),
      cpuSeconds(dir, 'report', 'scale', '--out', report),
    ].map((value) => `${value.toFixed(1)} s`);
    const mib = `${(statSync(report).size / 2 ** 20).toFixed(1)} MiB`;
    large.push([name, ...commands, mib, hasChromium ? `${(await openSeconds(report)).toFixed(1)} s` : '—']);
    console.error(String(large.at(-1)));
  });
if (large.length > 0)
  console.log(
    `${markdownTable(['experiment', '`plan`', '`run` again', '`export`', '`report`', 'its size', 'opens in'], large)}\n`,
  );

/** `npm run bench:scale`: what planning, exporting, reporting and opening a report cost at 10,000 cells and more. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import Table from 'cli-table3';
import { Browser, hasChromium } from '../../e2e/chromium.ts';
import { makeUp, type Size } from './synthetic.ts';

/** From test/bench/build/test/bench/scale. */
const TWEEDIE = fileURLToPath(new URL('../../../../../../dist/harness/cli/main.js', import.meta.url));
const SIZES: Readonly<Record<string, Size>> = {
  '10,000 cells: 99 methods': { methods: 99, pictures: 10, seeds: 10 },
  '10,000 cells: 200 pictures': { methods: 4, pictures: 200, seeds: 10 },
  '100,000 cells: 999 methods': { methods: 999, pictures: 10, seeds: 10 },
};

/** Writes a process's CPU seconds to the file CPU_SECONDS when it ends. */
const PRELOAD = `data:text/javascript,${encodeURIComponent(`
  import { writeFileSync } from 'node:fs';
  process.on('exit', () => {
    const { userCPUTime, systemCPUTime } = process.resourceUsage();
    writeFileSync(process.env.CPU_SECONDS, String((userCPUTime + systemCPUTime) / 1e6));
  });`)}`;

/** User and system seconds of a command of ours. */
function cpuSeconds(dir: string, ...args: string[]): number {
  const file = join(dir, 'cpu');
  const { status, stderr } = spawnSync(process.execPath, ['--import', PRELOAD, TWEEDIE, ...args], {
    cwd: dir,
    encoding: 'utf8',
    env: { ...process.env, CPU_SECONDS: file },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  if (status !== 0) throw new Error(stderr);
  return Number(readFileSync(file, 'utf8'));
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

const table = new Table({
  head: ['experiment', 'plan', 'export', 'report', 'MiB', 'open'],
  style: { head: [], border: [] },
});
const filter = process.argv[2] ?? '';
for (const [name, size] of Object.entries(SIZES)) {
  if (!name.includes(filter)) continue;
  const dir = mkdtempSync(join(tmpdir(), 'tweedie-scale-'));
  try {
    await makeUp(dir, size);
    const report = join(dir, 'report.html');
    const seconds = [
      cpuSeconds(dir, 'plan', 'scale.yaml'),
      cpuSeconds(dir, 'export', 'scale', '--out', 'cells.csv'),
      cpuSeconds(dir, 'report', 'scale', '--out', report),
    ].map((value) => `${value.toFixed(1)} s`);
    const mib = (statSync(report).size / 2 ** 20).toFixed(1);
    table.push([name, ...seconds, mib, hasChromium ? `${(await openSeconds(report)).toFixed(1)} s` : '—']);
    console.error(String(table.at(-1)));
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
console.log('CPU seconds of each command; seconds until Chromium has drawn the report.');
console.log(table.toString());

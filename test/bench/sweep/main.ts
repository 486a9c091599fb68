/** `npm run bench:sweep`: what a sweep costs with its seeds in batches of four, and with each cell in a batch of its own. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Table from 'cli-table3';
import { median } from '../statistics.ts';

/** From test/bench/build/test/bench/sweep. */
const TWEEDIE = fileURLToPath(new URL('../../../../../../dist/harness/cli/main.js', import.meta.url));
const ROUNDS = Number(process.argv[2] ?? 3);
const BATCHES = [1, 4] as const;

/** One picture, four seeds, four step sizes of P2L: 16 cells. */
const sweepOf = (batch: number) => `name: sweep
prior: embedded
data: { set: toyfaces, count: 1 }
seeds: [0, 1, 2, 3]
tasks: [{ super-resolution: { factor: 4 } }]
solvers: [{ p2l: { steps: 4, latentStep: [0.5, 1, 1.5, 2] } }]
metrics: psnr
devices: cpu:2
workers: 1
batch: ${batch}
`;

interface Cost {
  readonly wall: number;
  /** User and system, of all processes of the run. */
  readonly cpu: number;
  /** What the cells themselves took, wall time. */
  readonly solving: number;
  readonly psnr: ReadonlyMap<string, number>;
}

function costOf(batch: number): Cost {
  const dir = mkdtempSync(join(tmpdir(), 'tweedie-sweep-'));
  try {
    writeFileSync(join(dir, 'sweep.yaml'), sweepOf(batch));
    const started = performance.now();
    // The shell's own `times` counts those that it has waited for, with their children.
    const run = shell(dir, '"$0" "$1" run sweep.yaml --no-report >&2 || exit 1; times');
    const wall = (performance.now() - started) / 1000;
    const cells = JSON.parse(shell(dir, '"$0" "$1" export sweep --columns key,kind,seconds,value')) as {
      key: string;
      kind: string;
      seconds: number;
      /** PSNR, the one metric. */
      value: number;
    }[];
    const solved = cells.filter(({ kind }) => kind === 'solver');
    return {
      wall,
      cpu: secondsIn(run.trim().split('\n').at(-1)!),
      solving: solved.reduce((sum, { seconds }) => sum + seconds, 0),
      psnr: new Map(solved.map(({ key, value }) => [key, value])),
    };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

function shell(cwd: string, script: string): string {
  const { status, stdout, stderr } = spawnSync('sh', ['-c', script, process.execPath, TWEEDIE], {
    cwd,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
  return stdout;
}

/** `0m12.34s 0m1.20s`: user and system. */
function secondsIn(line: string): number {
  return [...line.matchAll(/(\d+)m([\d.]+)s/g)].reduce(
    (sum, [, m, s]) => sum + 60 * Number(m) + Number(s),
    0,
  );
}

const costs = new Map<number, Cost[]>(BATCHES.map((batch) => [batch, []]));
for (let round = 0; round < ROUNDS; round++)
  for (const batch of BATCHES) {
    const cost = costOf(batch);
    costs.get(batch)!.push(cost);
    console.error(
      `batch ${batch}: ${cost.wall.toFixed(1)} s, CPU ${cost.cpu.toFixed(1)} s, load ${loadavg()[0]!.toFixed(1)}`,
    );
  }
const table = new Table({ head: ['batch', 'wall', 'CPU', 'solving'], style: { head: [], border: [] } });
const medians = BATCHES.map((batch) =>
  (['wall', 'cpu', 'solving'] as const).map((key) => median(costs.get(batch)!.map((cost) => cost[key]))),
);
for (const [i, batch] of BATCHES.entries())
  table.push([batch, ...medians[i]!.map((seconds) => `${seconds.toFixed(1)} s`)]);
table.push(['ratio', ...medians[1]!.map((seconds, i) => (seconds / medians[0]![i]!).toFixed(2))]);
const [apart, together] = BATCHES.map((batch) => costs.get(batch)![0]!.psnr);
const farthest = Math.max(...[...apart!].map(([key, value]) => Math.abs(value - together!.get(key)!)));
console.log(
  `${cpus()[0]!.model}; 16 cells; the same cells' PSNR lie at most ${farthest.toFixed(4)} dB apart`,
);
console.log(table.toString());

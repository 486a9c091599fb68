/** `npm run bench:sweep`: what a sweep costs with its seeds in batches of four, and with each cell in a batch of its own. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Table from 'cli-table3';
import { median } from '../statistics.ts';
import { type Cost, timed } from '../timed-command.ts';

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

interface SweepCost extends Cost {
  /** What the cells themselves took, wall time. */
  readonly solving: number;
  readonly psnr: ReadonlyMap<string, number>;
}

function costOf(batch: number): SweepCost {
  const dir = mkdtempSync(join(tmpdir(), 'tweedie-sweep-'));
  try {
    writeFileSync(join(dir, 'sweep.yaml'), sweepOf(batch));
    const run = timed([process.execPath, TWEEDIE, 'run', 'sweep.yaml', '--no-report'], { cwd: dir });
    const columns = 'key,kind,seconds,value';
    const exported = execFileSync(process.execPath, [TWEEDIE, 'export', 'sweep', '--columns', columns], {
      cwd: dir,
      encoding: 'utf8',
    });
    const cells = JSON.parse(exported) as {
      key: string;
      kind: string;
      seconds: number;
      /** PSNR, the one metric. */
      value: number;
    }[];
    const solved = cells.filter(({ kind }) => kind === 'solver');
    return {
      ...run,
      solving: solved.reduce((sum, { seconds }) => sum + seconds, 0),
      psnr: new Map(solved.map(({ key, value }) => [key, value])),
    };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

const costs = new Map<number, SweepCost[]>(BATCHES.map((batch) => [batch, []]));
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

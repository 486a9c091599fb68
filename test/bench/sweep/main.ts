/** `npm run bench:sweep`: what sweeps cost in batches of four, and with each cell in a batch of its own. */
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

/** One picture and four step sizes of P2L: batches of four hold seeds of one, or all four of the one seed. */
const SWEEPS = { '4 step sizes, 4 seeds': [0, 1, 2, 3], '4 step sizes, 1 seed': [0] };

const sweepOf = (seeds: readonly number[], batch: number) => `name: sweep
prior: embedded
data: { set: toyfaces, count: 1 }
seeds: [${seeds.join()}]
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

function costOf(seeds: readonly number[], batch: number): SweepCost {
  const dir = mkdtempSync(join(tmpdir(), 'tweedie-sweep-'));
  try {
    writeFileSync(join(dir, 'sweep.yaml'), sweepOf(seeds, batch));
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

/** Rounds of each batch size, interleaved. */
function costsOf(name: string, seeds: readonly number[]): SweepCost[][] {
  const costs = BATCHES.map((): SweepCost[] => []);
  for (let round = 0; round < ROUNDS; round++)
    for (const [i, batch] of BATCHES.entries()) {
      const cost = costOf(seeds, batch);
      costs[i]!.push(cost);
      console.error(
        `${name}, batch ${batch}: ${cost.wall.toFixed(1)} s, CPU ${cost.cpu.toFixed(1)} s, load ${loadavg()[0]!.toFixed(1)}`,
      );
    }
  return costs;
}

const table = new Table({
  head: ['sweep', 'batch', 'wall', 'CPU', 'solving'],
  style: { head: [], border: [] },
});
const farthest = Object.entries(SWEEPS).map(([name, seeds]) => {
  const costs = costsOf(name, seeds);
  const medians = costs.map((rounds) =>
    (['wall', 'cpu', 'solving'] as const).map((key) => median(rounds.map((cost) => cost[key]))),
  );
  for (const [i, batch] of BATCHES.entries())
    table.push([name, batch, ...medians[i]!.map((seconds) => `${seconds.toFixed(1)} s`)]);
  table.push([name, 'ratio', ...medians[1]!.map((seconds, i) => (seconds / medians[0]![i]!).toFixed(2))]);
  const [apart, together] = costs.map(([first]) => first!.psnr);
  return Math.max(...[...apart!].map(([key, value]) => Math.abs(value - together!.get(key)!)));
});
console.log(
  `${cpus()[0]!.model}; the same cells' PSNR lie at most ${Math.max(...farthest).toFixed(4)} dB apart`,
);
console.log(table.toString());

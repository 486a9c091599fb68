/** `npm run bench:slurm`: 1,000 elements on a cluster whose nodes fail, by its own clock: what is lost, and what following them costs. */
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import Table from 'cli-table3';
import { closeStore, openStore } from '../../../harness/store/store.ts';
import { slicesOfCells } from '../../scheduler/slurm/cells.ts';
import { STORMY_AND_LARGE } from '../../scheduler/slurm/natures.ts';
import { IN_MEMORY, simulate } from '../../scheduler/slurm/simulation.ts';

const ELEMENTS = 1000;
const CELLS = 4;
const SEEDS = [1, 2, 3];
/** How likely a driver is killed at a result that it stores. */
const KILL = 0.005;

/** What is told of one seed, by name. */
async function followed(seed: number): Promise<Readonly<Record<string, string>>> {
  const dir = mkdtempSync(join(IN_MEMORY, 'tweedie-slurm-'));
  const store = openStore(dir, { create: true });
  try {
    const slices = slicesOfCells(ELEMENTS, CELLS, 1);
    const { cluster, solved, failed, drivers, hours, cpuSeconds } = await simulate(
      store,
      slices,
      STORMY_AND_LARGE,
      seed,
      KILL,
    );
    const { counts } = cluster;
    const settled = store.db.prepare('SELECT count(*) FROM solutions').pluck().get() as number;
    const numbers = {
      elements: ELEMENTS,
      cells: ELEMENTS * CELLS,
      'lives of elements': counts.lives,
      'node lost, begun again by Slurm while the old life goes on': counts.ghost,
      'node lost, given up': counts.node,
      'pre-empted': counts.preempted,
      'time over': counts.timeout,
      crashed: counts.crashed,
      'forgotten by Slurm for half an hour': counts.forgotten,
      'calls without an answer': counts.silent,
      'drivers killed': drivers - 1,
      'cells settled': settled,
      'cells failed': failed.size,
      'cells lost': ELEMENTS * CELLS - settled - failed.size,
      'cells stored twice': [...solved.values()].filter((times) => times > 1).length,
      submissions: counts.submits,
      'status queries': counts.queries,
    };
    return {
      ...Object.fromEntries(Object.entries(numbers).map(([name, n]) => [name, n.toLocaleString('en')])),
      "the cluster's hours": hours.toFixed(1),
      "drivers' CPU seconds": cpuSeconds.toFixed(1),
    };
  } finally {
    closeStore(store);
    rmSync(dir, { recursive: true, force: true });
  }
}

const columns: Awaited<ReturnType<typeof followed>>[] = [];
for (const seed of SEEDS) columns.push(await followed(seed));
const table = new Table({
  head: ['seed', ...SEEDS.map(String)],
  style: { head: [], border: [] },
});
for (const name of Object.keys(columns[0]!)) table.push([name, ...columns.map((column) => column[name]!)]);
console.log(table.toString());

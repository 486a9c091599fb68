import { mkdirSync, readdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { logsFolder, partFile } from '../../../harness/scheduler/slurm/layout.ts';
import { PartWriter } from '../../../harness/scheduler/slurm/part-writer.ts';
import { logFile } from '../../../harness/scheduler/slurm/sbatch-script.ts';
import { experimentStatus } from '../../../harness/store/queries.ts';
import { recordFiles } from '../../../harness/store/record-file.ts';
import { exampleRun, temporaryFolder, temporaryStore } from '../../store/example.ts';
import { psnrOf, slicesOfCells } from './cells.ts';
import { CALM, STORMY, STORMY_AND_LARGE } from './natures.ts';
import { IN_MEMORY, simulate } from './simulation.ts';

vi.setConfig({ testTimeout: 120_000 });

/** What the store has of each cell: once, and the right thing. */
function stored(store: ReturnType<typeof temporaryStore>): Map<string, number> {
  const rows = store.db
    .prepare(
      'SELECT s.cell_key, sc.value FROM solutions s JOIN scores sc ON sc.cell_key = s.cell_key ORDER BY s.cell_key',
    )
    .raw()
    .all() as [string, number][];
  expect(new Set(rows.map(([key]) => key)).size).toBe(rows.length);
  for (const [key, value] of rows) expect(value).toBe(psnrOf(key));
  return new Map(rows);
}

describe('a submission that is followed', () => {
  it('is one array and few questions where nothing happens', async () => {
    const store = temporaryStore();
    const { cluster, drivers, told } = await simulate(store, slicesOfCells(30, 2, 2), CALM, 1, 0);
    expect(stored(store).size).toBe(120);
    expect(recordFiles(store.dir)).toHaveLength(120);
    expect([drivers, cluster.counts.submits, cluster.counts.lives, told]).toEqual([1, 1, 30, []]);
    expect(cluster.counts.queries).toBeLessThan(40);
  });

  it.each([
    [60, STORMY, 0.05, 1],
    [60, STORMY, 0.05, 2],
    [60, STORMY, 0.05, 11],
    [1000, STORMY_AND_LARGE, 0.005, 4],
  ])(
    'of %i elements loses nothing and stores nothing twice where nodes fail, drivers are killed and Slurm forgets',
    async (elements, nature, kill, seed) => {
      const store = temporaryStore(temporaryFolder(IN_MEMORY));
      const { cluster, solved, failed, drivers, left } = await simulate(
        store,
        slicesOfCells(elements, 4, 1),
        nature,
        seed,
        kill,
      );
      const total = 4 * elements;
      expect(stored(store).size).toBe(total);
      expect(experimentStatus(store, 'example')).toMatchObject({ total, done: total, failed: 0, todo: 0 });
      expect([...solved.values()].filter((times) => times !== 1)).toEqual([]);
      expect([failed.size, left]).toEqual([0, 0]);
      // A seed at which nothing happens would show nothing.
      for (const [what, times] of Object.entries(cluster.counts)) expect(times, what).toBeGreaterThan(0);
      expect(drivers).toBeGreaterThan(3);
    },
    600_000,
  );

  it('never has more in the queue than one may have, nor larger arrays than Slurm takes', async () => {
    const store = temporaryStore();
    const nature = { ...CALM, maxArraySize: 12, maxSubmit: 30 };
    const { cluster } = await simulate(store, slicesOfCells(50, 1, 1), nature, 5, 0);
    expect(stored(store).size).toBe(50);
    expect(cluster.mostInQueue).toBe(30);
    expect(cluster.counts.submits).toBeGreaterThanOrEqual(5);
  });

  it.each([1, 29])(
    'goes on in the room that is left where %i jobs that are none of its own count for the same limit',
    async (otherJobs) => {
      const store = temporaryStore();
      const nature = { ...CALM, maxSubmit: 30, otherJobs };
      const { cluster } = await simulate(store, slicesOfCells(50, 1, 1), nature, 5, 0);
      expect(stored(store).size).toBe(50);
      expect(cluster.mostInQueue).toBeLessThanOrEqual(30 - otherJobs);
    },
  );

  it('solves what a part file held that is cut off, and tells which', async () => {
    const store = temporaryStore();
    const dir = join(store.dir, 'slurm', 'first');
    const ghost = { slice: 1, array: 0, restart: 1 };
    new PartWriter(dir, ghost, exampleRun).begin(['c2']);
    truncateSync(partFile(dir, ghost), 100);
    const { told, cluster } = await simulate(store, slicesOfCells(3, 2, 1), CALM, 9, 0);
    expect(stored(store).size).toBe(6);
    expect(told).toEqual([
      `${partFile(dir, ghost)}: not a whole part file of an element; what it held is found again`,
    ]);
    expect(cluster.counts.lives).toBe(3);
  });

  it('gives up the pictures that no element survives, and only those', async () => {
    const store = temporaryStore();
    const deadly = new Set(['c4', 'c5', 'c11']);
    const logs = logsFolder(join(store.dir, 'slurm', 'first'));
    mkdirSync(logs, { recursive: true });
    for (let job = 1; job <= 20; job++)
      for (let index = 0; index < 4; index++)
        writeFileSync(logFile(logs, String(job), index), `last words of ${job}_${index}`);
    const { failed, cluster } = await simulate(store, slicesOfCells(4, 3, 4), { ...CALM, deadly }, 6, 0.1);
    expect([...failed.keys()].sort()).toEqual(['c11', 'c4', 'c5']);
    expect(stored(store).size).toBe(48 - deadly.size);
    const failures = store.db
      .prepare("SELECT failure, message, log_tail FROM cells WHERE status = 'failed'")
      .all();
    expect(failures).toHaveLength(3);
    for (const failure of failures)
      expect(failure).toEqual({
        failure: 'oom',
        message: expect.stringMatching(
          /^Slurm: OUT_OF_MEMORY, 3 elements in a row; the last: element \d+_\d+, see /,
        ),
        log_tail: expect.stringMatching(/^last words of \d+_\d+$/),
      });
    expect(cluster.counts.lives).toBeLessThan(20);
  });

  it('tells once that nothing is known of elements, and waits until something is', async () => {
    const store = temporaryStore();
    const nature = { ...CALM, faults: { ...CALM.faults, forgotten: 0.5 } };
    const { told } = await simulate(store, slicesOfCells(20, 1, 1), nature, 7, 0);
    expect(told).toEqual([
      expect.stringMatching(
        /^Slurm has known nothing for 10 minutes of \d+ elements \(1_\d+\); .*tweedie cancel example/,
      ),
    ]);
    expect(stored(store).size).toBe(20);
  });
});

it('writes few files: one for each life of an element, and none for each cell', async () => {
  const store = temporaryStore();
  await simulate(store, slicesOfCells(10, 5, 4), CALM, 8, 0);
  const names = readdirSync(join(store.dir, 'slurm', 'first'), { recursive: true, encoding: 'utf8' });
  // A part, and the number of the life that has the slice.
  expect(names.filter((name) => name.endsWith('.json')).length).toBeLessThanOrEqual(2 * 10 + 5);
});

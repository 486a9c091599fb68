import { expect, it } from 'vitest';
import { together } from '../../harness/identity/batch-methods.ts';
import { methodRef, settingRef, solvingKey } from '../../harness/identity/keys.ts';
import type { Batch } from '../../harness/identity/refs.ts';
import { rowKey } from '../../harness/plan/plan.ts';
import { StoredOutcomes } from '../../harness/scheduler/outcomes.ts';
import { PatientWriter } from '../../harness/scheduler/patience.ts';
import { registerPlan } from '../../harness/scheduler/run-plan.ts';
import { cellRows } from '../../harness/store/cell-rows.ts';
import { wholeRecords } from '../../harness/store/record-file.ts';
import { startRun } from '../../harness/store/writes.ts';
import {
  exampleCell,
  exampleExperiment,
  exampleMethod,
  exampleRun,
  exampleSetting,
  exampleSolution,
  temporaryStore,
} from '../store/example.ts';

it('a cell of a batch of several settings of a solver is stored as its own, row by row, in database and record', async () => {
  const setting = settingRef(exampleSetting);
  const cellsOf = (latentStep: number) => {
    const method = methodRef({ ...exampleMethod, params: { steps: 50, latentStep } });
    return [0, 1].map((seed) => {
      const item = { id: 'test/0', sha256: 'i0', seed };
      const cellKey = solvingKey({ method, setting, rng: 'philox', precision: 'float32' }, item);
      return { method, item: { ...item, cellKey } };
    });
  };
  const [gentle, strong] = [cellsOf(0.5), cellsOf(2)];
  const shared = { setting, rng: 'philox', precision: 'float32', passes: 50 } as const;
  // The second batch begins with the first method again: registered by batches its cells would lie apart.
  const batches: Batch[] = [
    { key: 'one', ...shared, ...together([gentle[0]!, strong[0]!]) },
    { key: 'two', ...shared, ...together([gentle[1]!, strong[1]!]) },
  ];
  const rows = [gentle, strong].map(([cell]) => rowKey({ method: cell!.method, setting }));
  const store = temporaryStore();
  registerPlan(store, { ...exampleExperiment([]), batches, rows } as unknown as Parameters<
    typeof registerPlan
  >[1]);
  const run = startRun(store, 'example', exampleRun);
  const writer = new PatientWriter(store, new AbortController().signal, () => {});
  const outcomes = new StoredOutcomes(store, writer, run);
  const all = [...gentle, ...strong];
  for (const batch of batches)
    for (const { cellKey } of batch.items)
      await outcomes.solved(batch, exampleSolution(exampleCell({ key: cellKey }), { batch: [cellKey] }));

  expect([...cellRows(store, 'example')].map(({ cell }) => [cell.key, cell.method, cell.status])).toEqual(
    all.map(({ method, item }) => [item.cellKey, method.key, 'done']),
  );
  const unreadable: string[] = [];
  const records = [...wholeRecords(store.dir, unreadable)];
  const stepOf = new Map(records.map(({ identity, solution }) => [solution.cellKey, identity.solver.params]));
  expect(unreadable).toEqual([]);
  expect(all.map(({ item }) => stepOf.get(item.cellKey))).toEqual(all.map(({ method }) => method.params));
});

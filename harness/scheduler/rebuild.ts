import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../errors.ts';
import { cellKeys, type Plan } from '../plan/plan.ts';
import type { Known } from '../plan/registries.ts';
import { statesOf } from '../store/queries.ts';
import { enterRecords, startRebuilding } from '../store/rebuild.ts';
import { wholeRecords } from '../store/record-file.ts';
import type { Store } from '../store/store.ts';
import { endRun, saveSolution, startRun } from '../store/writes.ts';
import { rolesOf } from '../tasks/roles.ts';
import { picturesAnd } from '../worker/artifacts.ts';
import { tensorPath } from '../worker/files.ts';
import { remakePictures, type StoredBatch } from '../worker/remake.ts';
import { describeRun } from './provenance.ts';
import { registerPlan } from './run-plan.ts';
import { lacksScores } from './score-plan.ts';

/** What a rebuilt database was made of. */
export interface Rebuilt {
  /** Cells entered from their records. */
  readonly fromRecords: number;
  /** Cells without a record, known by their planned keys: times, counters and logs are lost. */
  readonly fromTensors: number;
  /** One line each: records that could not be read. */
  readonly unreadable: readonly string[];
  /** Where the damaged database is now; null: there was none, or it was sound and was kept. */
  readonly damaged: string | null;
  readonly isNew: boolean;
  /** Files of the given experiments that lack a result or a number. */
  readonly unfinished: readonly string[];
}

/** A plan, and what its names stand for. */
export interface KnownPlan {
  readonly plan: Plan;
  readonly known: Known;
}

/** Makes a database of what lies in a results folder; the plans say which experiments there are. */
export async function rebuild(dir: string, plans: readonly KnownPlan[]): Promise<Rebuilt> {
  const rebuilding = startRebuilding(dir);
  try {
    const { store } = rebuilding;
    for (const { plan } of plans) registerPlan(store, plan);
    const unreadable: string[] = [];
    const fromRecords = enterRecords(store, wholeRecords(dir, unreadable));
    let fromTensors = 0;
    for (const planned of plans) fromTensors += await enterTensors(store, planned);
    if (rebuilding.isNew && plans.length === 0 && fromRecords === 0) {
      throw new UserError(
        `${dir}: no record of a cell found; give the experiments' files: tweedie rebuild EXPERIMENT.yaml`,
      );
    }
    const unfinished = plans
      .filter((planned) => isUnfinished(store, planned))
      .map(({ plan }) => plan.configFile);
    const { isNew } = rebuilding;
    return { fromRecords, fromTensors, unreadable, isNew, unfinished, damaged: rebuilding.finish() };
  } catch (error) {
    rebuilding.discard();
    throw error;
  }
}

function isUnfinished(store: Store, { plan, known }: KnownPlan): boolean {
  const states = statesOf(store, cellKeys(plan));
  return [...states.values()].some((state) => state !== 'done') || lacksScores(store, plan.name, known);
}

/** Cells of folders that earlier versions have written: the solver's output is named by the cell's key. */
async function enterTensors(store: Store, { plan, known }: KnownPlan): Promise<number> {
  const batches = batchesWithTensors(store, plan);
  if (batches.length === 0) return 0;
  const run = startRun(store, plan.name, describeRun([]));
  let entered = 0;
  for await (const { batch, pictures } of remakePictures(batches, store.dir, known)) {
    for (const [cellKey, { result, ...others }] of pictures) {
      if (!result) continue;
      saveSolution(store, run, {
        cellKey,
        artifacts: picturesAnd(
          { path: tensorPath(cellKey), sha256: null },
          { result, ...others },
          rolesOf(batch.setting.kind).result,
        ),
        seconds: null,
        steps: 0,
        counters: {},
        device: 'unknown',
        batch: batch.items.map((item) => item.cellKey),
        scores: [],
      });
      entered++;
    }
  }
  endRun(store, run, 'finished');
  return entered;
}

function batchesWithTensors(store: Store, plan: Plan): StoredBatch[] {
  const states = statesOf(store, cellKeys(plan));
  const hasTensor = (key: string) =>
    states.get(key) === 'todo' && existsSync(join(store.dir, tensorPath(key)));
  return plan.batches
    .map((batch) => {
      const keys = batch.items.map(({ cellKey }) => cellKey).filter(hasTensor);
      return { batch, tensors: new Map(keys.map((key) => [key, { path: tensorPath(key), sha256: null }])) };
    })
    .filter(({ tensors }) => tensors.size > 0);
}

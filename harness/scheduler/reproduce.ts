import { UserError } from '../errors.ts';
import { byMethod, together } from '../identity/batch-methods.ts';
import { jsonHash } from '../identity/keys.ts';
import type { Batch } from '../identity/refs.ts';
import { type Plan, rowKey } from '../plan/plan.ts';
import type { CellRow } from '../store/cell-rows.ts';
import type { SolutionRecord } from '../store/records.ts';
import { readImage, readTensor } from '../worker/files.ts';
import type { Lease } from '../worker/messages.ts';
import { RunLock } from './run-lock.ts';
import { WorkerPool } from './worker-pool.ts';

const STALL_SECONDS = 1800;

/**
 * The batch that a cell was computed in, as the plan has its cells; undefined: the plan has no such cell.
 * @throws UserError where a cell of that batch is gone from the plan
 */
export function batchOf({ batches }: Plan, { key, seed, batch: members }: CellRow): Batch | undefined {
  const parts = batches.flatMap(byMethod);
  const own = parts.find(({ items }) => items.some(({ cellKey }) => cellKey === key));
  if (!own) return undefined;
  const planned = parts.flatMap((part) =>
    part.items.map((item) => ({ row: rowKey(part), method: part.method, item })),
  );
  const siblings = planned.filter(({ row, item }) => row === rowKey(own) && item.seed === seed);
  const byKey = new Map(planned.map((cell) => [cell.item.cellKey, cell]));
  const byPicture = new Map(siblings.map((cell) => [cell.item.id, cell]));
  const cells = members.map((member) => {
    const cell = byKey.get(member) ?? byPicture.get(member);
    if (cell) return cell;
    throw new UserError(
      `it was solved in one batch with ${member}, which the file does not plan (another value, picture or seed); give --config or --set as it was run`,
    );
  });
  return { ...own, ...together(cells), key: jsonHash(cells.map(({ item }) => item.cellKey)) };
}

/** A cell solved once more; a message where it failed this time. */
export type Again = { readonly solution: SolutionRecord } | { readonly failed: string };

/** Solves a cell in its batch, in a folder of its own. */
export async function solveAgain(
  batch: Batch,
  cellKey: string,
  { name, metrics }: Plan,
  lease: Lease,
  signal: AbortSignal,
): Promise<Again> {
  const lock = new RunLock(lease.resultsDir, name);
  const pool = new WorkerPool([lease], lock.note);
  const kill = () => void pool.killChildren();
  signal.addEventListener('abort', kill);
  try {
    let outcome: Again = { failed: 'the batch ended without it' };
    const end = await pool.run(
      {
        id: batch.key,
        work: { kind: 'solve', job: { batch, wanted: [cellKey], metrics } },
        limits: { batchSeconds: null, stallSeconds: STALL_SECONDS },
      },
      (_lease, event) => {
        if (event.kind === 'solved') outcome = { solution: event.solution };
        if (event.kind === 'nan') outcome = { failed: event.message };
      },
    );
    return end.kind === 'finished' ? outcome : { failed: end.message };
  } finally {
    signal.removeEventListener('abort', kill);
    await pool.close();
    lock.release();
  }
}

/** How far two results of a cell are from each other: the largest difference of a value; null: a file of it is gone. */
export interface Distance {
  /** Of the solver's output, in its own units. */
  readonly array: number | null;
  /** Of the picture that is scored, in levels of 255, or labels. */
  readonly picture: number | null;
}

/** @throws UserError where a stored file is damaged */
export async function distance(
  storedDir: string,
  stored: CellRow,
  againDir: string,
  { artifacts }: SolutionRecord,
): Promise<Distance> {
  const pathOf = (isArray: boolean) =>
    artifacts.find(({ role, media }) => role === 'result' && (media === 'array') === isArray)!.path;
  const readable = async <T>(read: () => T | Promise<T>): Promise<T | null> => {
    try {
      return await read();
    } catch (error) {
      if (error instanceof UserError) return null;
      throw error;
    }
  };
  const { resultArray, result } = stored;
  const array = resultArray && (await readable(() => readTensor(storedDir, resultArray, null)));
  const picture = result && (await readable(() => readImage(storedDir, result)));
  return {
    array: array ? farthest(array, readTensor(againDir, pathOf(true), null)) : null,
    picture: picture ? farthest(picture.data, (await readImage(againDir, pathOf(false))).data) : null,
  };
}

function farthest(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  let most = 0;
  for (let i = 0; i < a.length; i++) most = Math.max(most, Math.abs(a[i]! - b[i]!));
  return most;
}

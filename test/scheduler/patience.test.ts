import Database from 'better-sqlite3';
import { describe, expect, it, vi } from 'vitest';
import { PatientWriter } from '../../harness/scheduler/patience.ts';
import { temporaryStore } from '../store/example.ts';

const locked = new Database.SqliteError('database is locked', 'SQLITE_BUSY');
const never = new AbortController().signal;

/** Fails so many times with an error before it succeeds. */
function lockedFor(times: number, error: Error = locked) {
  let failures = 0;
  return vi.fn(() => {
    if (failures++ < times) throw error;
    return 'written';
  });
}

describe('a write to results that another process keeps locked', () => {
  it('waits for it and says so once', async () => {
    const onWait = vi.fn();
    const writer = new PatientWriter(temporaryStore(), never, onWait, 5);
    const [first, second] = [lockedFor(3), lockedFor(2)];
    expect(await Promise.all([writer.write(first), writer.write(second)])).toEqual(['written', 'written']);
    expect(onWait).toHaveBeenCalledOnce();
  });

  it('gives up in the end', async () => {
    const action = lockedFor(100);
    const writer = new PatientWriter(temporaryStore(), never, () => {}, 5);
    await expect(writer.write(action)).rejects.toBe(locked);
    expect(action).toHaveBeenCalledTimes(5);
  });

  it('waits no longer where the run is stopped, nor for any other error', async () => {
    const stop = new AbortController();
    const action = lockedFor(100);
    const stopped = new PatientWriter(temporaryStore(), stop.signal, () => stop.abort(), 5);
    await expect(stopped.write(action)).rejects.toBe(locked);
    expect(action).toHaveBeenCalledTimes(2);

    const full = new Database.SqliteError('database or disk is full', 'SQLITE_FULL');
    const writer = new PatientWriter(temporaryStore(), never, () => {}, 5);
    await expect(writer.write(lockedFor(1, full))).rejects.toBe(full);
  });
});

import { statSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { UserError } from '../errors.ts';
import { databaseFile } from '../store/layout.ts';
import type { Store } from '../store/store.ts';
import { primaryCode } from '../store/store-error.ts';

/** SQLite's own wait blocks everything, signals too: a second at a time. */
const ATTEMPT_MS = 1000;
const ATTEMPTS = 120;

/** The seconds that a write waits for another process's lock. */
export const PATIENCE_SECONDS = (ATTEMPT_MS * ATTEMPTS) / 1000;

/** Writes to a store that another process (a backup, a database browser) may keep locked for a while. */
export class PatientWriter {
  readonly #store: Store;
  readonly #inode: number | undefined;
  readonly #signal: AbortSignal;
  readonly #onWait: () => void;
  readonly #attempts: number;
  #waiting = false;

  /**
   * @param signal aborting it ends all waiting
   * @param onWait called when writes begin to wait
   */
  constructor(store: Store, signal: AbortSignal, onWait: () => void, attempts = ATTEMPTS) {
    store.db.pragma(`busy_timeout = ${ATTEMPT_MS}`);
    this.#store = store;
    this.#inode = inodeOf(store);
    this.#signal = signal;
    this.#onWait = onWait;
    this.#attempts = attempts;
  }

  /**
   * @throws what `action` throws; "locked" only where it has stayed so for all the time, or the signal is aborted;
   * UserError where the database was taken away: what is written then is nowhere
   */
  async write<T>(action: () => T): Promise<T> {
    if (inodeOf(this.#store) !== this.#inode)
      throw new UserError(
        `${databaseFile(this.#store.dir)}: was removed or replaced while this run was at work, which can keep nothing any more`,
      );
    for (let attempt = 1; ; attempt++) {
      try {
        const result = action();
        this.#waiting = false;
        return result;
      } catch (error) {
        if (!isLocked(error) || attempt >= this.#attempts || this.#signal.aborted) throw error;
        if (!this.#waiting) this.#onWait();
        this.#waiting = true;
        await delay(1);
      }
    }
  }
}

function inodeOf({ dir }: Store): number | undefined {
  return statSync(databaseFile(dir), { throwIfNoEntry: false })?.ino;
}

function isLocked(error: unknown): boolean {
  return error instanceof Database.SqliteError && primaryCode(error.code) === 'SQLITE_BUSY';
}

import { lstatSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { UserError } from '../errors.ts';
import { makeFolder } from '../make-folder.ts';
import { isRunning, type ProcessId } from '../processes.ts';
import { requireRegularFile } from '../regular-file.ts';
import { Connection } from '../store/connection.ts';
import { primaryCode } from '../store/store-error.ts';
import { readNote } from './process-note.ts';
import { runNotes, runsFolder } from './run-files.ts';

/** Another process's transaction holds a few rows. */
const BUSY_TIMEOUT_MS = 10_000;

/** This machine. */
const HERE = hostname();

interface Owner extends ProcessId {
  readonly host: string;
}

/**
 * Which run is solving a cell that several experiments in a results folder want. A claim lives as long as its process: it
 * stands in a database of its own, which says nothing once no run is alive.
 */
export class Claims {
  readonly #db: Connection;
  readonly #main: ProcessId;
  readonly #resultsDir: string;

  /** @param main this process */
  constructor(resultsDir: string, main: ProcessId) {
    const file = join(runsFolder(resultsDir), 'claims.sqlite');
    makeFolder(runsFolder(resultsDir));
    if (lstatSync(file, { throwIfNoEntry: false })) requireRegularFile(file);
    this.#main = main;
    this.#resultsDir = resultsDir;
    this.#db = new Connection(file, { timeout: BUSY_TIMEOUT_MS });
    try {
      this.#db.pragma('synchronous = OFF');
      this.#db.exec(
        'CREATE TABLE IF NOT EXISTS claims_2 (cell TEXT PRIMARY KEY, host TEXT, pid INTEGER, started TEXT) WITHOUT ROWID',
      );
    } catch (error) {
      this.#db.close();
      const { code } = error as { code?: string };
      if (code === undefined || !['SQLITE_NOTADB', 'SQLITE_CORRUPT'].includes(primaryCode(code))) throw error;
      throw new UserError(`${file}: not what runs have written; remove it while no run is at work`);
    }
  }

  /** Claims those cells that no other run which is alive is solving; returns them. */
  take(cells: readonly string[]): string[] {
    const owner = this.#db.prepare('SELECT host, pid, started FROM claims_2 WHERE cell = ?');
    const claim = this.#db.prepare('INSERT OR REPLACE INTO claims_2 VALUES (?, ?, ?, ?)');
    const { pid, started } = this.#main;
    return this.#db
      .transaction(() => {
        const free = cells.filter((cell) => {
          const other = owner.get(cell) as Owner | undefined;
          return !other || this.#isOwn(other) || !this.#isAlive(other);
        });
        for (const cell of free) claim.run(cell, HERE, pid, started);
        return free;
      })
      .immediate();
  }

  #isOwn({ host, pid, started }: Owner): boolean {
    return host === HERE && pid === this.#main.pid && started === this.#main.started;
  }

  /** Of another machine's process nothing is known but whether its run's note is there. */
  #isAlive({ host, pid, started }: Owner): boolean {
    if (host === HERE) return isRunning({ pid, started });
    return runNotes(this.#resultsDir).some((file) => {
      const run = readNote(file);
      return run?.host === host && run.main.pid === pid && run.main.started === started;
    });
  }

  /** Gives cells back, solved or not. */
  release(cells: readonly string[]): void {
    const { pid, started } = this.#main;
    const remove = this.#db.prepare(
      'DELETE FROM claims_2 WHERE cell = ? AND host = ? AND pid = ? AND started = ?',
    );
    this.#db
      .transaction(() => {
        for (const cell of cells) remove.run(cell, HERE, pid, started);
      })
      .immediate();
  }

  close(): void {
    this.#db.close();
  }
}

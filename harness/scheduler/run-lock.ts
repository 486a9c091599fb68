import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type Database from 'better-sqlite3';
import { UserError } from '../errors.ts';
import { Connection } from '../store/connection.ts';
import { identify, isRunning, killGroup, type ProcessId } from './processes.ts';

/** What `run.json` says while a run is alive, and after one was killed. */
export interface RunProcesses {
  readonly main: ProcessId;
  readonly experiment: string;
  readonly children: readonly ProcessId[];
}

/**
 * One run at a time in a results folder. The lock itself is an exclusive SQLite lock on `run.lock`, which the system
 * gives back however the process ends; `run.json` beside it names the main process and its children, so that a second
 * run can say who is in the way and a later one can end children that outlived a killed run.
 */
export class RunLock {
  readonly #lock: Database.Database;
  readonly #file: string;
  readonly #main: ProcessId;
  readonly #experiment: string;
  #children: ProcessId[] = [];
  /** Children of an earlier, killed run that were still alive and have been ended. */
  readonly reaped: readonly ProcessId[];

  /** @throws UserError where another run holds the folder. */
  constructor(resultsDir: string, experiment: string) {
    mkdirSync(resultsDir, { recursive: true });
    this.#file = join(resultsDir, 'run.json');
    this.#main = identify(process.pid)!;
    this.#experiment = experiment;
    this.#lock = new Connection(join(resultsDir, 'run.lock'), { timeout: 0 });
    try {
      this.#lock.exec('BEGIN EXCLUSIVE');
    } catch (error) {
      this.#lock.close();
      if ((error as { code?: string }).code !== 'SQLITE_BUSY') throw error;
      const other = readRunProcesses(resultsDir);
      const who = other ? ` (process ${other.main.pid}, experiment ${other.experiment})` : '';
      throw new UserError(
        `${resultsDir}: another run is at work here${who}; wait for it, end it, or give --results DIR`,
      );
    }
    this.reaped = (readRunProcesses(resultsDir)?.children ?? []).filter(isRunning);
    for (const { pid } of this.reaped) killGroup(pid);
    this.#write();
  }

  addChild(pid: number): void {
    const child = identify(pid);
    if (!child) return;
    this.#children.push(child);
    this.#write();
  }

  removeChild(pid: number): void {
    this.#children = this.#children.filter((child) => child.pid !== pid);
    this.#write();
  }

  release(): void {
    rmSync(this.#file, { force: true });
    this.#lock.close();
  }

  #write(): void {
    const content: RunProcesses = {
      main: this.#main,
      experiment: this.#experiment,
      children: this.#children,
    };
    writeFileSync(`${this.#file}.tmp`, JSON.stringify(content));
    renameSync(`${this.#file}.tmp`, this.#file);
  }
}

/** The processes of the run that is alive in a results folder, or that was killed there; null where there is neither. */
export function readRunProcesses(resultsDir: string): RunProcesses | null {
  try {
    return JSON.parse(readFileSync(join(resultsDir, 'run.json'), 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

import { lstatSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type Database from 'better-sqlite3';
import { z } from 'zod';
import { UserError } from '../errors.ts';
import { makeFolder } from '../make-folder.ts';
import { requireRegularFile } from '../regular-file.ts';
import { Connection } from '../store/connection.ts';
import { killGroup, killMarked } from '../worker/end-processes.ts';
import { writeFileAside } from '../write-file.ts';
import { identify, isRunning, type ProcessId } from './processes.ts';

const processId = z.object({ pid: z.int().positive(), started: z.string() });
const runProcesses = z.object({ main: processId, experiment: z.string(), children: z.array(processId) });

/** What `run.json` says while a run is alive, and after one was killed. */
export type RunProcesses = z.infer<typeof runProcesses>;

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
  /** Numbers of the processes of an earlier, killed run that were still alive and have been ended. */
  readonly reaped: readonly number[];

  /** @throws UserError where another run holds the folder. */
  constructor(resultsDir: string, experiment: string) {
    makeFolder(resultsDir);
    this.#file = join(resultsDir, 'run.json');
    this.#main = identify(process.pid)!;
    this.#experiment = experiment;
    const lock = join(resultsDir, 'run.lock');
    if (lstatSync(lock, { throwIfNoEntry: false })) requireRegularFile(lock);
    this.#lock = new Connection(lock, { timeout: 0 });
    try {
      this.#lock.exec('BEGIN EXCLUSIVE');
    } catch (error) {
      this.#lock.close();
      const { code } = error as { code?: string };
      if (code === 'SQLITE_NOTADB')
        throw new UserError(`${lock}: expected the lock of a run, found a file of another kind`);
      if (code !== 'SQLITE_BUSY') throw error;
      const other = readRunProcesses(resultsDir);
      const who = other ? ` (process ${other.main.pid}, experiment ${other.experiment})` : '';
      throw new UserError(
        `${resultsDir}: another run is at work here${who}; wait for it, end it, or give --results DIR`,
      );
    }
    this.reaped = endProcessesOf(readRunProcesses(resultsDir));
    this.#write();
  }

  /** Begins the mark of every process that this run starts (worker/end-processes.ts). */
  get mark(): string {
    return markOf(this.#main);
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
    writeFileAside(this.#file, JSON.stringify(content));
  }
}

/**
 * The processes of the run that is alive in a results folder, or that was killed there; null where there is neither, or
 * the file says nothing (a full disk, a crash of the machine).
 */
export function readRunProcesses(resultsDir: string): RunProcesses | null {
  const file = join(resultsDir, 'run.json');
  if (!lstatSync(file, { throwIfNoEntry: false })) return null;
  requireRegularFile(file);
  try {
    return runProcesses.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || error instanceof SyntaxError || error instanceof z.ZodError) return null;
    throw error;
  }
}

function endProcessesOf(run: RunProcesses | null): number[] {
  if (!run) return [];
  const children = run.children.filter(isRunning).map(({ pid }) => pid);
  for (const pid of children) killGroup(pid);
  return [...new Set([...children, ...killMarked(markOf(run.main))])];
}

function markOf({ pid, started }: ProcessId): string {
  return `${pid}.${started}.`;
}

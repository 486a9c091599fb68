import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../errors.ts';
import { fileSystemOf } from '../file-system.ts';
import { makeFolder } from '../make-folder.ts';
import { type FileLock, takeLock } from './file-lock.ts';
import {
  endProcessesOf,
  isAlive,
  isOfThisMachine,
  ProcessNote,
  processOf,
  type RunProcesses,
  readNote,
} from './process-note.ts';
import { runFile, runNotes } from './run-files.ts';

/**
 * One run at a time of an experiment; runs of several share the results folder, which `lockFolder` takes for itself. The
 * locks are SQLite's, which the system gives back however the process ends; a file beside names the main process and its
 * children, so that a second run can say who is in the way and a later one can end children that outlived a killed run.
 */
export class RunLock {
  /** This process, and those that do its work. */
  readonly note: ProcessNote;
  /** Numbers of the processes of earlier, killed runs that were still alive and have been ended. */
  readonly reaped: readonly number[];
  readonly #locks: readonly FileLock[];

  /** @throws UserError where another run of the experiment is alive, or the folder is locked. */
  constructor(resultsDir: string, experiment: string) {
    makeFolder(resultsDir);
    const file = runFile(resultsDir, experiment, 'json');
    const folder = takeLock(folderLock(resultsDir), 'shared');
    if (!folder)
      throw new UserError(
        `${resultsDir}: rebuild, merge, rm, gc or an older tweedie is at work here; wait for it`,
      );
    refuseOtherMachines(resultsDir, () => folder.release());
    const own = takeLock(runFile(resultsDir, experiment, 'lock'), 'alone');
    if (!own) {
      folder.release();
      const other = readRunProcesses(resultsDir, experiment);
      const who = other ? ` (${processOf(other)})` : '';
      throw new UserError(
        `${resultsDir}: another run of ${experiment} is at work here${who}; wait for it, end it, or give --results DIR`,
      );
    }
    this.#locks = [own, folder];
    this.reaped = [...endProcessesOf(readNote(file)), ...endKilledRuns(resultsDir)];
    this.note = new ProcessNote(file, experiment);
    // Of two that begin at once each sees the other's note now: at least one gives way.
    refuseOtherMachines(resultsDir, () => this.release());
  }

  release(): void {
    this.note.remove();
    for (const lock of this.#locks) lock.release();
  }
}

/**
 * Takes a results folder for a command that moves or removes what runs use.
 * @throws UserError where a run, or another such command, is at work there
 */
export function lockFolder(resultsDir: string): FileLock {
  const lock = takeLock(folderLock(resultsDir), 'alone');
  if (!lock) {
    const who = runsAtWork(resultsDir).map((run) => `${processOf(run)}, experiment ${run.experiment}`);
    throw new UserError(
      `${resultsDir}: ${who.length > 0 ? `a run is at work here (${who.join('; ')})` : 'another command is at work here'}; ` +
        'wait for it or end it',
    );
  }
  refuseOtherMachines(resultsDir, () => lock.release());
  endKilledRuns(resultsDir);
  return lock;
}

/**
 * Where machines share a folder, one of them writes there at a time: SQLite's own word is that over a network its locks
 * are as good as the file system's, which often is not good.
 * @param giveWay is called where there is another one
 */
function refuseOtherMachines(resultsDir: string, giveWay: () => void): void {
  const { name, isShared, locksHereOnly } = fileSystemOf(resultsDir);
  if (!isShared) return;
  for (const file of runNotes(resultsDir)) {
    const run = readNote(file);
    if (!run || isOfThisMachine(run)) continue;
    const free = locksHereOnly === null && takeLock(file.replace(/json$/, 'lock'), 'alone');
    if (free) {
      free.release();
      continue;
    }
    giveWay();
    const unseen =
      locksHereOnly === null
        ? ''
        : `; its lock cannot be seen from here (mount option ${locksHereOnly}): if it has been killed, remove ${file}`;
    throw new UserError(
      `${resultsDir}: a run of ${run.experiment} is at work here (${processOf(run)}), and on ${name} one machine at a time ` +
        `writes; wait for it or end it there${unseen}`,
    );
  }
}

/** The runs that are alive in a results folder. */
export function runsAtWork(resultsDir: string): RunProcesses[] {
  return runNotes(resultsDir)
    .flatMap((file) => readNote(file) ?? [])
    .filter(isAlive);
}

/**
 * The processes of the run of an experiment that is alive in a results folder, or that was killed there; null where there
 * is neither, or the file says nothing (a full disk, a crash of the machine).
 */
export function readRunProcesses(resultsDir: string, experiment: string): RunProcesses | null {
  return readNote(runFile(resultsDir, experiment, 'json'));
}

/** The run of an experiment that is at work; null: none. */
export function runAtWork(resultsDir: string, experiment: string): RunProcesses | null {
  const run = readRunProcesses(resultsDir, experiment);
  return run !== null && isAlive(run) ? run : null;
}

/** Every run in the folder has a share of it; the name is older versions', which take it for one run alone. */
function folderLock(resultsDir: string): string {
  return join(resultsDir, 'run.lock');
}

/**
 * Ends what killed runs of any experiment have left: those whose lock is free and whose note is there. Another
 * machine's lock may only seem to be free.
 */
function endKilledRuns(resultsDir: string): number[] {
  const { locksHereOnly } = fileSystemOf(resultsDir);
  return runNotes(resultsDir).flatMap((file) => {
    const run = readNote(file);
    if (locksHereOnly !== null && run && !isOfThisMachine(run)) return [];
    const lock = takeLock(file.replace(/json$/, 'lock'), 'alone');
    if (!lock) return [];
    try {
      // Read under the lock: its run may have begun, or ended, since the files were listed.
      const ended = endProcessesOf(readNote(file));
      rmSync(file, { force: true });
      return ended;
    } finally {
      lock.release();
    }
  });
}

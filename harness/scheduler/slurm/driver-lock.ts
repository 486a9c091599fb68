import { readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { UserError } from '../../errors.ts';
import { makeFolder } from '../../make-folder.ts';
import { identify, isRunning, type ProcessId } from '../../processes.ts';
import { driverLockFile } from './layout.ts';
import { readJson } from './shared-files.ts';

const HEARTBEAT_MS = 10_000;
/** Heartbeats that a holder on another machine may miss. */
const MISSED = 6;

/** Who follows the jobs of an experiment. */
export interface Follower extends ProcessId {
  readonly host: string;
  /** ISO 8601, UTC. */
  readonly since: string;
}

/**
 * One driver at a time of an experiment's jobs, on whichever machine. A lock of the system is seen on its own machine at
 * best: this is a file that only one can make, whose time of change its holder renews.
 */
export class DriverLock {
  readonly #file: string;
  readonly #content: string;
  readonly #beat: NodeJS.Timeout;

  /** @throws UserError that names the holder */
  constructor(resultsDir: string, experiment: string) {
    this.#file = driverLockFile(resultsDir, experiment);
    const self: Follower = {
      ...identify(process.pid)!,
      host: hostname(),
      since: new Date().toISOString(),
    };
    this.#content = JSON.stringify(self);
    makeFolder(dirname(this.#file));
    if (!this.#make()) {
      const other = readJson<Follower>(this.#file);
      if (other && !this.#isGone(other)) throw refusal(resultsDir, experiment, other);
      if (other) this.#remove(JSON.stringify(other));
      if (!this.#make()) throw refusal(resultsDir, experiment, readJson<Follower>(this.#file));
    }
    this.#beat = setInterval(() => this.#renew(), HEARTBEAT_MS);
    this.#beat.unref();
  }

  release(): void {
    clearInterval(this.#beat);
    this.#remove(this.#content);
  }

  #make(): boolean {
    try {
      writeFileSync(this.#file, this.#content, { flag: 'wx' });
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
      throw error;
    }
  }

  #isGone(other: Follower): boolean {
    if (other.host === hostname()) return !isRunning(other);
    return this.#fileServerNow() - (modified(this.#file) ?? 0) > MISSED * HEARTBEAT_MS;
  }

  /** The clock that stamps files may be another machine's. */
  #fileServerNow(): number {
    const probe = `${this.#file}.${process.pid}`;
    writeFileSync(probe, '');
    const now = modified(probe) ?? Date.now();
    rmSync(probe, { force: true });
    return now;
  }

  /** Takes the file away if it is still this one: of two that find a lock without holder one may be too late. */
  #remove(content: string): void {
    const aside = `${this.#file}.${hostname()}.${process.pid}.gone`;
    try {
      if (readFileSync(this.#file, 'utf8') !== content) return;
      renameSync(this.#file, aside);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
      throw error;
    }
    rmSync(aside, { force: true });
  }

  #renew(): void {
    const now = new Date();
    try {
      utimesSync(this.#file, now, now);
    } catch {
      // Away for a moment, or for good: what two drivers do is done once, by key.
    }
  }
}

function modified(file: string): number | null {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? null;
}

function refusal(resultsDir: string, experiment: string, other: Follower | null): UserError {
  const who = other ? ` (process ${other.pid} on ${other.host}, since ${other.since})` : '';
  return new UserError(
    `${resultsDir}: the jobs of ${experiment} are followed already${who}; wait for it, or end it: the jobs run on`,
  );
}

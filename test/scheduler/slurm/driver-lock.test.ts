import { existsSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { describe, expect, it } from 'vitest';
import { DriverLock } from '../../../harness/scheduler/slurm/driver-lock.ts';
import { driverLockFile } from '../../../harness/scheduler/slurm/layout.ts';
import { temporaryFolder } from '../../store/example.ts';

const other = { pid: 4711, started: '1', host: 'another', since: '2026-11-28T00:00:00.000Z' };

/** A lock that was left, or is held, by somebody. */
function held(by: object, secondsAgo = 0): string {
  const dir = temporaryFolder();
  new DriverLock(dir, 'demo').release();
  writeFileSync(driverLockFile(dir, 'demo'), JSON.stringify(by));
  const then = Date.now() / 1000 - secondsAgo;
  utimesSync(driverLockFile(dir, 'demo'), then, then);
  return dir;
}

describe('the lock of a driver', () => {
  it('lets one follow an experiment, says who, and lets others follow others', () => {
    const dir = temporaryFolder();
    const lock = new DriverLock(dir, 'demo');
    expect(() => new DriverLock(dir, 'demo')).toThrow(
      `the jobs of demo are followed already (process ${process.pid} on ${hostname()}, since 2`,
    );
    new DriverLock(dir, 'others').release();
    lock.release();
    expect(existsSync(driverLockFile(dir, 'demo'))).toBe(false);
    new DriverLock(dir, 'demo').release();
  });

  it('is kept by another machine while that renews it, and not for ever', () => {
    expect(() => new DriverLock(held(other, 50), 'demo')).toThrow(
      'process 4711 on another, since 2026-11-28',
    );
    new DriverLock(held(other, 70), 'demo').release();
  });

  it('of a process of this machine that is gone is taken at once', () => {
    new DriverLock(held({ ...other, host: hostname() }), 'demo').release();
  });

  it('that another has taken over is not removed', () => {
    const dir = temporaryFolder();
    const lock = new DriverLock(dir, 'demo');
    writeFileSync(driverLockFile(dir, 'demo'), JSON.stringify(other));
    lock.release();
    expect(JSON.parse(readFileSync(driverLockFile(dir, 'demo'), 'utf8'))).toEqual(other);
  });
});

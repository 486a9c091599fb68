import { readFileSync, writeFileSync } from 'node:fs';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { endFile } from '../../../harness/scheduler/slurm/layout.ts';
import { hasSlice, isLater, takeSlice } from '../../../harness/scheduler/slurm/life.ts';
import { partFiles, readPart, wholePart } from '../../../harness/scheduler/slurm/part.ts';
import { PartWriter, Superseded } from '../../../harness/scheduler/slurm/part-writer.ts';
import { exampleRun, temporaryFolder } from '../../store/example.ts';
import { batchOf, solutionOf } from './cells.ts';

/** How often a file has been replaced on another machine when it is read: the server has forgotten what was opened. */
const replaced = vi.hoisted(() => ({ times: 0 }));
vi.mock('node:fs', async (original) => {
  const real = (await original()) as typeof import('node:fs');
  const readFileSync = (...args: Parameters<typeof real.readFileSync>) => {
    if (replaced.times-- > 0) throw Object.assign(new Error('stale file handle'), { code: 'ESTALE' });
    return real.readFileSync(...args);
  };
  return { ...real, readFileSync };
});
beforeEach(() => {
  replaced.times = 0;
});

const life = { slice: 3, array: 1, restart: 0 };
const batch = batchOf(['c7', 'c8']);

describe('a part file', () => {
  it('has all that its life has found, an infinite number too, and what was at hand', async () => {
    const dir = temporaryFolder();
    const writer = new PartWriter(dir, life, exampleRun);
    writer.begin(['c7', 'c8']);
    await writer.again('c8');
    await writer.solved(batch, solutionOf('c7'));
    await writer.failed(batch, { cellKey: 'c8', kind: 'nan', message: 'not finite', logTail: '' });
    writer.begin(['c9']);
    const [{ file, ...named }] = partFiles(dir) as unknown as [{ file: string; life: typeof life }];
    expect(named.life).toEqual(life);
    const part = readPart(file);
    expect(part).toMatchObject({ life, run: exampleRun, atWork: ['c9'], end: null });
    expect(part.outcomes).toEqual([
      { kind: 'solved', attempts: 0, solution: solutionOf('c7'), finished: expect.any(String) },
      {
        kind: 'failed',
        attempts: 1,
        failure: { cellKey: 'c8', kind: 'nan', message: 'not finite', logTail: '' },
      },
    ]);
  });

  it('is refused where it is not as it was written', () => {
    const dir = temporaryFolder();
    new PartWriter(dir, life, exampleRun).begin(['c7']);
    const { file } = partFiles(dir)[0]!;
    writeFileSync(file, readFileSync(file, 'utf8').replace('c7', 'c8'));
    expect(() => readPart(file)).toThrow(`${file}: not a whole part file of an element`);
    const told: string[] = [];
    expect(wholePart(file, (line) => told.push(line))).toBeNull();
    expect(told).toEqual([`${file}: not a whole part file of an element; what it held is found again`]);
  });

  it('that is replaced while it is read on another machine is read again', () => {
    const dir = temporaryFolder();
    new PartWriter(dir, life, exampleRun).begin(['c7']);
    replaced.times = 1;
    expect(readPart(partFiles(dir)[0]!.file)).toMatchObject({ atWork: ['c7'] });
  });
});

describe('two lives of one slice', () => {
  it('follow one another by array, then by restart', () => {
    expect(isLater({ ...life, restart: 1 }, life)).toBe(true);
    expect(isLater({ ...life, array: 2 }, { ...life, restart: 5 })).toBe(true);
    expect(isLater(life, life)).toBe(false);
  });

  it('have it no more where the submission is over: a job that nobody knows of ends by itself', () => {
    const dir = temporaryFolder();
    expect([takeSlice(dir, life), hasSlice(dir, life)]).toEqual([true, true]);
    writeFileSync(endFile(dir), '{"kind":"cancelled"}');
    expect([takeSlice(dir, { ...life, restart: 1 }), hasSlice(dir, life)]).toEqual([false, false]);
  });

  it('are told apart: the later has the slice, the earlier ends at its next batch and keeps what it had', async () => {
    const dir = temporaryFolder();
    const later = { ...life, restart: 1 };
    expect(takeSlice(dir, life)).toBe(true);
    const writer = new PartWriter(dir, life, exampleRun);
    writer.begin(['c7', 'c8']);
    expect(takeSlice(dir, later)).toBe(true);
    expect([hasSlice(dir, life), hasSlice(dir, later), takeSlice(dir, life)]).toEqual([false, true, false]);
    await writer.solved(batch, solutionOf('c7'));
    expect(() => writer.begin(['c9'])).toThrow(Superseded);
    expect(readPart(partFiles(dir)[0]!.file).outcomes).toHaveLength(1);
  });
});

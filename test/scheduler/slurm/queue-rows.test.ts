import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ElementState } from '../../../harness/scheduler/slurm/cluster.ts';
import { readAccounting, readQueue } from '../../../harness/scheduler/slurm/queue-rows.ts';

const printed = (name: string) =>
  readFileSync(join(import.meta.dirname, '../../fixtures/slurm', `${name}.txt`), 'utf8');

const completed: ElementState = { kind: 'completed' };
const pending: ElementState = { kind: 'pending' };
const running: ElementState = { kind: 'running', node: 'n1' };
const failed = (failure: 'crashed' | 'timeout' | 'node' | 'cancelled', said: string): ElementState => ({
  kind: 'failed',
  failure,
  said,
});
const held = [1, 3, 4, 5].map((index) => [index, pending] as const);

/** By job, in the order of the indices. */
const sorted = (elements: ReadonlyMap<string, ReadonlyMap<number, ElementState>>) =>
  Object.fromEntries([...elements].map(([job, states]) => [job, [...states].sort(([a], [b]) => a - b)]));

describe.each([
  ['squeue', readQueue, 'CANCELLED'],
  ['sacct', readAccounting, 'CANCELLED by 0'],
])('what %s printed', (program, read, cancelled) => {
  const job = (limited: ElementState) => [
    [0, completed],
    [1, failed('crashed', 'FAILED 3:0')],
    [2, failed('crashed', 'FAILED 0:9')],
    [3, failed('crashed', 'FAILED 0:15')],
    [4, failed('cancelled', cancelled)],
    [5, limited],
    [6, limited],
    [7, completed],
    [8, completed],
    [9, completed],
  ];

  it('while elements ran', () =>
    expect(sorted(read(printed(`${program}-running`)))).toEqual({
      1: job(running),
      2: [0, 1].map((index) => [index, running]),
      3: held,
    }));

  it('after the time limit, and with their node lost', () =>
    expect(sorted(read(printed(`${program}-ended`)))).toEqual({
      1: job(failed('timeout', 'TIMEOUT')),
      2: [0, 1].map((index) => [index, failed('node', 'NODE_FAIL')]),
      3: held,
    }));
});

describe('what other versions print', () => {
  it('more signals and flags of an exit', () => {
    // Bit 128 of a wait status says that memory was dumped.
    const row = ['7', '2', 'FAILED', '139', 'node[003]'].map((text, i) =>
      text.padEnd([16, 16, 24, 16, 64][i]!),
    );
    expect(readQueue(row.join('')).get('7')?.get(2)).toEqual(failed('crashed', 'FAILED 0:11'));
  });

  it('lines that are no element of an array', () => {
    expect(readQueue('CLUSTER: other\n').get('7')).toBeUndefined();
    expect(readAccounting('7|COMPLETED|0:0|n1\n7_1.batch|COMPLETED|0:0|n1\n8+0|RUNNING|0:0|n1\n')).toEqual(
      new Map(),
    );
  });

  it('states of memory, and of elements that were requeued or preempted', () => {
    const rows = '7_0|OUT_OF_MEMORY|0:125|n1\n7_1|REQUEUED|0:0|n1\n7_2|PREEMPTED|0:0|n1\n7_3|FROZEN|0:0|n1\n';
    expect([...readAccounting(rows).get('7')!.values()].map(({ kind }) => kind)).toEqual([
      'failed',
      'pending',
      'failed',
      'unknown',
    ]);
  });
});

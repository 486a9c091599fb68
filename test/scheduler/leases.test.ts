import { describe, expect, it } from 'vitest';
import { UserError } from '../../harness/errors.ts';
import { makeLeases } from '../../harness/scheduler/leases.ts';

const common = { precision: 'float32', resultsDir: '/results', plugins: [] } as const;

describe('leases', () => {
  it('share the cores among the workers on the CPU', () => {
    expect(makeLeases([{ device: 'cpu', slots: 2 }], common, 5)).toEqual([
      { label: 'cpu/1', device: 'cpu:2', ...common },
      { label: 'cpu/2', device: 'cpu:2', ...common },
    ]);
  });

  it('give every worker a thread where there are more workers than cores', () => {
    expect(makeLeases([{ device: 'cpu', slots: 3 }], common, 2).map(({ device }) => device)).toEqual([
      'cpu:1',
      'cpu:1',
      'cpu:1',
    ]);
  });

  it('count workers on the CPU together, wherever the list names them', () => {
    const twice = [
      { device: 'cpu', slots: 1 },
      { device: 'cpu', slots: 1 },
    ];
    expect(makeLeases(twice, common, 4).map(({ label, device }) => [label, device])).toEqual([
      ['cpu/1', 'cpu:2'],
      ['cpu/2', 'cpu:2'],
    ]);
  });

  it('leave a device that states its threads, or has none, as it is', () => {
    const devices = [
      { device: 'cpu:3', slots: 1 },
      { device: 'cuda:0', slots: 1 },
    ];
    expect(makeLeases(devices, common, 8).map(({ label, device }) => [label, device])).toEqual([
      ['cpu:3/1', 'cpu:3'],
      ['cuda:0/1', 'cuda:0'],
    ]);
  });

  it('are refused where there are more than any machine is asked for', () => {
    expect(() => makeLeases([{ device: 'cpu', slots: 100_000 }], common, 4)).toThrow(
      new UserError('100000 workers: expected at most 64 on this machine'),
    );
  });
});

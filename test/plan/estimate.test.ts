import { describe, expect, it } from 'vitest';
import type { CellGroup } from '../../harness/identity/refs.ts';
import {
  ASSUMED_SECONDS_PER_IMAGE_STEP,
  costsFrom,
  estimateSeconds,
  groupSeconds,
  guidedSteps,
} from '../../harness/plan/estimate.ts';

const group = (params: Record<string, unknown>, images: number): CellGroup => ({
  groupKey: 'g',
  kind: 'solver',
  solver: 'p2l',
  solverVersion: 1,
  params,
  task: 'super-resolution',
  taskVersion: 1,
  taskParams: {},
  prior: null,
  data: { kind: 'set', name: 'toyfaces' },
  imageShape: [3, 8, 8],
  seed: 0,
  rng: 'philox',
  precision: 'float32',
  items: Array.from({ length: images }, (_, i) => ({ id: `${i}`, sha256: '', cellKey: `${i}` })),
});

const unknown = { secondsPerImageStep: () => null, startUpSeconds: () => null };
const measured = { secondsPerImageStep: () => 0.5, startUpSeconds: () => 7 };
const prior = { name: 'p', version: 1, params: {}, weightsSha256: 'w', toy: true };

describe('the estimate', () => {
  it('counts a prompt update as a guided step', () => {
    expect(guidedSteps({ steps: 50 })).toBe(50);
    expect(guidedSteps({ steps: 50, promptSteps: 3 })).toBe(200);
  });

  it('uses measured speed where there is some, else the stated assumption', () => {
    expect(groupSeconds(group({ steps: 10 }, 4), measured)).toBe(20);
    expect(groupSeconds(group({ steps: 10 }, 4), unknown)).toBeCloseTo(40 * ASSUMED_SECONDS_PER_IMAGE_STEP);
  });

  it('says nothing of large pictures before one is done', () => {
    const large = { ...group({ steps: 10 }, 4), imageShape: [3, 512, 512] as const };
    expect(groupSeconds(large, unknown)).toBeNull();
    expect(groupSeconds(large, measured)).toBe(20);
    expect(
      estimateSeconds([group({ steps: 10 }, 1), large], [{ device: 'cpu', slots: 1 }], unknown),
    ).toBeNull();
  });

  it('learns speed from results at the same image size: same task, else same solver, else any solver', () => {
    const row = (solver: string, task: string, side: number, seconds: number) => ({
      solver,
      task,
      params: { steps: 10, promptSteps: 1 },
      imageShape: [3, side, side],
      images: 4,
      secondsPerImage: seconds,
    });
    const speed = (...rows: Parameters<typeof costsFrom>[0]) =>
      costsFrom(rows).secondsPerImageStep(group({}, 1));
    const [other, solver, task] = [
      row('ldps', 'x', 8, 20),
      row('p2l', 'x', 8, 40),
      row('p2l', 'super-resolution', 8, 60),
    ];
    expect(speed(row('p2l', 'super-resolution', 64, 9))).toBeNull();
    expect(speed({ ...row('bicubic', 'super-resolution', 8, 9), params: {} })).toBeNull();
    expect(speed(other)).toBe(1);
    expect(speed(other, solver)).toBe(2);
    expect(speed(other, solver, task)).toBe(3);
  });

  it('shares the groups among the workers, each taking the next when it is free', () => {
    const groups = [group({ steps: 10 }, 4), group({ steps: 10 }, 1), group({ steps: 10 }, 2)];
    const withPrior = groups.map((one) => ({ ...one, prior }));
    expect(estimateSeconds(withPrior, [{ device: 'cpu', slots: 1 }], measured)).toBe(35 + 7);
    expect(estimateSeconds(withPrior, [{ device: 'cpu', slots: 2 }], measured)).toBe(20 + 7);
    expect(estimateSeconds([], [{ device: 'cpu', slots: 2 }], measured)).toBe(0);
  });

  it('takes the start-up from runs with the same prior: the least time that solving does not explain', () => {
    const run = (seconds: number, priorSha256: string) => ({
      estimatedSeconds: null,
      seconds,
      solvingSeconds: 20,
      workers: 2,
      priorSha256,
    });
    const costs = costsFrom([], [run(19, 'w'), run(14, 'w'), run(11, 'other')]);
    expect(costs.startUpSeconds('w')).toBe(4);
    expect(costs.startUpSeconds('unknown')).toBeNull();
  });
});

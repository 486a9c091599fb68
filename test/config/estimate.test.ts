import { describe, expect, it } from 'vitest';
import {
  ASSUMED_SECONDS_PER_IMAGE_STEP,
  estimateSeconds,
  groupSeconds,
  guidedSteps,
} from '../../harness/config/estimate.ts';
import type { CellGroup } from '../../harness/config/plan.ts';

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
  items: Array.from({ length: images }, (_, i) => ({ id: `${i}`, sha256: '', cellKey: `${i}` })),
});

const unknown = { secondsPerImageStep: () => null };
const measured = { secondsPerImageStep: () => 0.5 };

describe('the estimate', () => {
  it('counts a prompt update as a guided step', () => {
    expect(guidedSteps({ steps: 50 })).toBe(50);
    expect(guidedSteps({ steps: 50, promptSteps: 3 })).toBe(200);
  });

  it('uses measured speed where there is some, else the stated assumption', () => {
    expect(groupSeconds(group({ steps: 10 }, 4), measured)).toBe(20);
    expect(groupSeconds(group({ steps: 10 }, 4), unknown)).toBeCloseTo(40 * ASSUMED_SECONDS_PER_IMAGE_STEP);
  });

  it('shares the groups among the workers, each taking the next when it is free', () => {
    const groups = [group({ steps: 10 }, 4), group({ steps: 10 }, 1), group({ steps: 10 }, 2)];
    expect(estimateSeconds(groups, [{ device: 'cpu', slots: 1 }], measured)).toBe(35);
    expect(estimateSeconds(groups, [{ device: 'cpu', slots: 2 }], measured)).toBe(20);
    expect(estimateSeconds([], [{ device: 'cpu', slots: 2 }], measured)).toBe(0);
  });
});

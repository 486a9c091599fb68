import type { CellGroup } from '../../harness/identity/refs.ts';

/** A batch of the given cells. */
export function groupOf(...cellKeys: string[]): CellGroup {
  return {
    groupKey: cellKeys.join('+'),
    kind: 'solver',
    solver: 'p2l',
    solverVersion: 1,
    params: { steps: 50 },
    task: 'super-resolution',
    taskVersion: 1,
    taskParams: {},
    prior: { name: 'embedded', version: 1, params: {}, weightsSha256: 'w', toy: true },
    data: { kind: 'set', name: 'toyfaces' },
    imageShape: [3, 64, 64],
    seed: 0,
    rng: 'philox',
    precision: 'float32',
    items: cellKeys.map((cellKey, i) => ({ id: `test/${i}`, sha256: `i${i}`, cellKey })),
  };
}

import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { registries } from '../../harness/cli/registries.ts';
import { loadPlan } from '../../harness/plan/load.ts';
import { folderWith } from '../config/fakes.ts';

const NOTE =
  'prior embedded was trained on toyfaces train, which is scored here: the numbers say nothing of pictures that it has not seen';

async function planned(data: string, task = 'super-resolution', solvers = '[ldps]') {
  const text = `name: trial
prior: embedded
data: ${data}
tasks: [${task}]
solvers: ${solvers}
`;
  const file = join(folderWith({ 'e.yaml': text }), 'e.yaml');
  return loadPlan(file, registries).catch((error: Error) => {
    throw new Error(`${error.name} ${error.message.replace(`${file}:`, '')}`);
  });
}

describe('pictures that a task shows its methods', () => {
  it.each([
    [
      '{ set: toyfaces, split: train, count: 8 }',
      'UserError 3:45: data: train/00000 and 4 more: task part-segmentation shows its methods these ' +
        'as examples; expected pictures of another split, or items without them',
    ],
    [
      '{ set: toyfaces, split: train, items: [train/00007, train/00004] }',
      'UserError 3:45: data: train/00004: task part-segmentation shows its methods this ' +
        'as examples; expected pictures of another split, or items without them',
    ],
  ])('are not scored: %s', async (data, told) => {
    await expect(planned(data, 'part-segmentation', '[]')).rejects.toThrow(new Error(told));
  });

  it('are as many as the task says; others of their split are scored', async () => {
    const data = '{ set: toyfaces, split: train, items: [train/00004] }';
    await expect(planned(data, '{ part-segmentation: { examples: 4 } }', '[]')).resolves.toBeDefined();
    await expect(planned(data, 'colourisation')).resolves.toBeDefined();
  });
});

describe('a prior that was trained on the pictures that are scored', () => {
  it('is noted in the plan, and kept for reports', async () => {
    const { notes, report } = await planned('{ set: toyfaces, split: train, count: 1 }');
    expect(notes).toContain(NOTE);
    expect(report.seen).toEqual([NOTE]);
  });

  it.each([
    ['of another split', '{ set: toyfaces, count: 1 }', '[ldps]'],
    ['that no method uses', '{ set: toyfaces, split: train, count: 1 }', '[]'],
  ])('is not one %s', async (_, data, solvers) => {
    const { notes, report } = await planned(data, 'colourisation', solvers);
    expect(notes).not.toContain(NOTE);
    expect(report.seen).toEqual([]);
  });
});

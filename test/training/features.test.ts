import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openDevice } from '../../harness/engine/device.ts';
import { PACKAGE_ROOT } from '../../harness/package-root.ts';
import { TRAITS } from '../../harness/training/card/traits.ts';
import { runTraining } from '../../harness/training/run.ts';
import { traitAccuracy } from '../../harness/training/trait-accuracy.ts';
import { temporaryFolder } from '../store/example.ts';

const committed = join(PACKAGE_ROOT, 'harness/metrics/toy-features');

describe('the feature network of the toy metrics', () => {
  it('has one head for each class of each trait', () => {
    const { classes } = JSON.parse(readFileSync(join(committed, 'config.json'), 'utf8'));
    expect(classes).toEqual(TRAITS.map((trait) => trait.classes.length));
  });

  it("names the validation split's traits as its card says", async () => {
    const measured = await traitAccuracy(await openDevice('cpu:1'), committed);
    const card = readFileSync(join(committed, 'README.md'), 'utf8');
    for (const [trait, share] of Object.entries(measured)) {
      const stated = Number(new RegExp(`^\\| ${trait} \\| \\d+ \\| ([\\d.]+) \\|$`, 'm').exec(card)?.[1]);
      // A picture whose two best classes are nearly level may fall on the other side on another processor.
      expect(Math.abs(share - stated), trait).toBeLessThanOrEqual(0.01);
    }
  });

  it('is trained from nothing by its config', async () => {
    const folder = temporaryFolder();
    cpSync(join(committed, 'config.json'), join(folder, 'config.json'));
    writeFileSync(
      join(folder, 'tiny.yaml'),
      'kind: features\nmodel: .\nbatch: 2\nsteps: 2\nlearningRate: 0.001\nlogEvery: 1\n',
    );
    const measured = await runTraining(join(folder, 'tiny.yaml'), await openDevice('cpu:1'), {
      checkpoints: folder,
      secondsAllowed: Number.POSITIVE_INFINITY,
      onProgress: () => {},
    });
    expect(Object.keys(measured!)).toEqual(TRAITS.map(({ name }) => name));
    const log = readFileSync(join(folder, 'training/tiny.jsonl'), 'utf8').trim().split('\n');
    expect(log).toHaveLength(2);
  });
});

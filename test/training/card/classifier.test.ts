import { beforeAll, describe, expect, it } from 'vitest';
import { type Device, openDevice } from '../../../harness/engine/device.ts';
import { normals } from '../../../harness/engine/random.ts';
import { type Features, trainClassifier } from '../../../harness/training/card/classifier.ts';

let device: Device;
beforeAll(async () => {
  device = await openDevice('cpu:1');
});

/** Points around three centres, far out and of different scales; the third number is noise. */
function clouds(count: number, draw: number): { features: Features; answers: number[][] } {
  const noise = normals({ seed: 5, role: 'train', image: 'clouds', draw }, 3 * count);
  const centres = [
    [100, 0],
    [106, 0],
    [100, 0.06],
  ] as const;
  const rows = new Float32Array(3 * count);
  const answers = Array.from({ length: count }, (_, i) => {
    const [x, y] = centres[i % 3]!;
    rows.set([x + noise[3 * i]!, y + 0.01 * noise[3 * i + 1]!, noise[3 * i + 2]!], 3 * i);
    return [i % 3, i % 3 === 1 ? 1 : 0];
  });
  return { features: { rows, size: 3 }, answers };
}

describe('trainClassifier', () => {
  const options = { classes: [3, 2], epochs: 40, seed: 0 };

  it('learns separable classes of several questions at once, and keeps to them on points it never saw', async () => {
    const { features, answers } = clouds(600, 0);
    const classifier = await trainClassifier(device, features, answers, options);
    const unseen = clouds(300, 1);
    const found = await classifier.classify(unseen.features);
    for (const question of [0, 1]) {
      const right = found.filter((row, i) => row[question] === unseen.answers[i]![question]).length;
      expect(right / 300).toBeGreaterThan(0.97);
    }
  });

  it('finds nothing in noise: answers that features do not tell are guessed', async () => {
    const { features, answers } = clouds(600, 0);
    const scrambled = answers.map((_, i) => answers[(i * 7 + Math.floor(i / 3)) % 600]!);
    const classifier = await trainClassifier(device, features, scrambled, options);
    const found = await classifier.classify(features);
    const right = found.filter((row, i) => row[0] === scrambled[i]![0]).length;
    expect(right / 600).toBeLessThan(0.5);
  });

  it('gives the same classifier for the same seed', async () => {
    const { features, answers } = clouds(100, 0);
    const classes = async () => {
      const classifier = await trainClassifier(device, features, answers, { ...options, epochs: 2 });
      return classifier.classify(clouds(300, 1).features);
    };
    expect(await classes()).toEqual(await classes());
  });
});

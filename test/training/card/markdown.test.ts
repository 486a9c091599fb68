import { describe, expect, it } from 'vitest';
import type { Difference } from '../../../harness/metrics/statistics.ts';
import { schedulerConfigSchema } from '../../../harness/priors/schedule.ts';
import type { AgreementRow, Card, NoiseError } from '../../../harness/training/card/card.ts';
import { renderCard } from '../../../harness/training/card/markdown.ts';

const difference = (mean: number, half: number): Difference => ({
  mean,
  low: mean - half,
  high: mean + half,
  images: 200,
  p: 0.5,
});
const estimate = (mean: number, half = 0) => ({ mean, low: mean - half, high: mean + half, images: 200 });

const noise: NoiseError[] = [
  { t: 100, own: estimate(0.31, 0.01), shuffled: difference(0.002, 0.003), empty: difference(-0.001, 0.004) },
  { t: 500, own: estimate(0.12, 0.01), shuffled: difference(0.04, 0.01), empty: difference(0.02, 0.01) },
];
const trait: AgreementRow = {
  trait: 'light',
  classes: 3,
  real: estimate(0.99),
  own: estimate(0.87),
  unguided: estimate(0.71),
  shuffled: estimate(0.33),
  gain: difference(0.54, 0.08),
};

const card: Card = {
  seed: 4,
  networks: [
    { folder: 'vae', parameters: 681_911, description: 'AutoencoderKL' },
    { folder: 'unet', parameters: 2_414_308, description: 'UNet2DConditionModel' },
  ],
  scheduler: schedulerConfigSchema.parse({ steps_offset: 1, set_alpha_to_one: false }),
  imageShape: [3, 64, 64],
  latentShape: [4, 16, 16],
  weightsSha256: 'abc123',
  autoencoder: [{ split: 'validation', ...estimate(33.456, 0.21) }],
  samples: { count: 200, steps: 50, guidance: 3, captionsSeen: 2, shown: ['a sad face', 'a calm face'] },
  noise,
  agreement: { learntFrom: 4000, rows: [trait], overall: { ...trait, trait: 'all of them', classes: 56 } },
  oracle: [
    {
      task: 'box inpainting',
      empty: estimate(17.25, 0.5),
      own: difference(2.4, 2.3),
      another: difference(-2.1, 1),
    },
  ],
  training: [
    {
      name: 'autoencoder',
      steps: 8500,
      seconds: 3 * 3600 + 61,
      loss: 0.0025691,
      config: 'steps: 8500',
      chart: 'loss-autoencoder.png',
    },
  ],
  made: {
    date: '2026-11-21',
    seconds: 100.4,
    cpu: 'Some CPU',
    cores: 2,
    device: 'cpu:2',
    versions: { Node: '20.20.2' },
    git: { commit: '0123456789abcdef', dirty: true },
  },
};
const text = renderCard(card);

describe('renderCard', () => {
  it('says where, when and with what the numbers were made', () => {
    expect(text).toContain(
      '2026-11-21, commit 0123456789ab with local changes, 2 x Some CPU, device `cpu:2`, seed 4, 100 s; Node 20.20.2.',
    );
    expect(renderCard({ ...card, made: { ...card.made, git: null } })).toContain('no checkout');
  });

  it('counts parameters and states the noise schedule by the names of its file', () => {
    expect(text).toContain('| `unet` | 2,414,308 | UNet2DConditionModel |');
    expect(text).toContain('| in all | 3,096,219 |');
    for (const setting of ['`timestep_spacing` leading', '`steps_offset` 1', '`set_alpha_to_one` false']) {
      expect(text).toContain(setting);
    }
  });

  it('gives PSNR with its interval', () => {
    expect(text).toContain('| validation | 200 | 33.46 ± 0.21 dB | [33.25, 33.67] |');
  });

  it('marks a difference only where its interval lies above zero', () => {
    expect(text).toContain(
      '| 100 | 0.3100 ± 0.0100 | +0.0020 [−0.0010, +0.0050] | −0.0010 [−0.0050, +0.0030] |',
    );
    expect(text).toContain(
      '| 500 | 0.1200 ± 0.0100 | +0.0400 [+0.0300, +0.0500]\\* | +0.0200 [+0.0100, +0.0300]\\* |',
    );
    expect(text).toContain("better than another's at 1 of 2 times");
    expect(text).toContain('| light | 3 | 99 % | 87 % | 71 % | 33 % | +54 [+46, +62]\\* |');
    expect(text).toMatch(/1 of 1 traits follow the prompt\.$/m);
    expect(text).toContain(
      '| box inpainting | 17.25 ± 0.50 dB | +2.40 [+0.10, +4.70]\\* | −2.10 [−3.10, −1.10] |',
    );
  });

  it('does not claim that prompts act where they do not', () => {
    const idle = { ...trait, gain: difference(0.01, 0.05) };
    const other = renderCard({
      ...card,
      noise: [noise[0]!],
      agreement: { ...card.agreement, rows: [idle] },
    });
    expect(other).toContain("better than another's at 0 of 1 times");
    expect(other).toContain('0 of 1 traits follow the prompt. Not shown to follow it: light.');
  });

  it('tells of each training run its steps, its time, its curve and its config', () => {
    expect(text).toContain(
      '8,500 steps in 3 h 01 min by its log ([autoencoder.jsonl](training/autoencoder.jsonl))',
    );
    expect(text).toContain('last loss 0.00257');
    expect(text).toContain('(loss-autoencoder.png)');
    expect(text).toContain('```yaml\nsteps: 8500\n```');
    expect(renderCard({ ...card, training: [] })).toContain('There are no training logs');
  });

  it('says that it is a toy, and under which licence', () => {
    expect(text).toMatch(/It is a \*\*toy\*\*/);
    expect(text).toMatch(/MIT/);
    expect(text).toMatch(/no photograph and no person took part/);
  });

  it('draws tables whose rows all have as many cells as their heads', () => {
    const tables = text.split('\n\n').filter((block) => block.startsWith('|'));
    expect(tables).toHaveLength(5);
    for (const table of tables) {
      const widths = table.split('\n').map((line) => line.split(' | ').length);
      expect(new Set(widths).size).toBe(1);
    }
  });
});

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Device, openDevice } from '../../../harness/engine/device.ts';
import { type Measurement, measurePrior } from '../../../harness/training/card/measure.ts';
import { TRAITS } from '../../../harness/training/card/traits.ts';
import { writeCard } from '../../../harness/training/card/write.ts';
import { apart } from '../../support/apart.ts';
import { writeTinyPrior } from '../../support/tiny-prior.ts';
import { writeToyPrior } from './toy-prior.ts';

const sizes = { heldOut: 3, ddimSteps: 2, restored: 3, restoringSteps: 2, learntFrom: 8, epochs: 1 };
let device: Device;
let folder: string;
/** Two runs with seed 1, one with seed 2. */
let first: Measurement;
let again: Measurement;
let other: Measurement;

beforeAll(async () => {
  device = await openDevice('cpu:1');
  folder = writeToyPrior();
  const measure = (seed: number) => measurePrior(device, folder, { seed, sizes }, () => {});
  [first, again, other] = [await measure(1), await measure(1), await measure(2)];
}, 300_000);

/** The errors of the noise prediction. */
function errorsOf({ card }: Measurement): number[] {
  return card.noise.map(({ own }) => own.mean);
}

/** Pictures as text: comparing thousands of numbers one by one is slow. */
function bytes({ strip, grid }: Measurement): Record<'strip' | 'grid', string> {
  const text = ({ data }: { data: Uint8Array }) => Buffer.from(data).toString('base64');
  return { strip: text(strip), grid: text(grid) };
}

describe('measurePrior', () => {
  it('gives the same numbers and pictures for the same seed, and others for another', () => {
    expect(again.card).toEqual(first.card);
    expect(bytes(again)).toEqual(bytes(first));
    expect(bytes(other).grid).not.toBe(bytes(first).grid);
    expect(apart(errorsOf(other), errorsOf(first))).toBeGreaterThan(0.001);
    // No random number takes part in reconstruction.
    expect(bytes(other).strip).toBe(bytes(first).strip);
    expect(other.card.autoencoder).toEqual(first.card.autoencoder);
  });

  it('covers all that a card states', () => {
    const { card, strip, grid } = first;
    expect(card.autoencoder.map(({ split, images }) => [split, images])).toEqual([
      ['validation', 3],
      ['test', 3],
    ]);
    expect(card.noise.map(({ t }) => t)).toEqual([100, 300, 500, 700, 900]);
    expect(card.agreement.rows.map(({ trait }) => trait)).toEqual(TRAITS.map(({ name }) => name));
    expect(card.oracle.map(({ task, empty }) => [task, empty.images])).toEqual([
      ['super-resolution x8', 3],
      ['Gaussian deblurring', 3],
      ['box inpainting', 3],
    ]);
    for (const { own, another } of card.oracle) expect(own.mean).not.toBe(another.mean);
    expect(card.samples).toMatchObject({ count: 3, steps: 2, guidance: 3 });
    expect([strip.width, strip.height]).toEqual([3 * 132 + 4, 2 * 132 + 4]);
    expect([grid.width, grid.height]).toEqual([3 * 132 + 4, 132 + 4]);
  });

  it('refuses a prior of other pictures', async () => {
    const small = writeTinyPrior();
    await expect(measurePrior(device, small, { seed: 0, sizes }, () => {})).rejects.toThrow(
      `${small}: makes pictures of 3 x 16 x 16; toyfaces has 3 x 64 x 64`,
    );
  });
});

it('writeCard leaves a card whose pictures and logs all lie beside it', async () => {
  mkdirSync(join(folder, 'training'));
  writeFileSync(join(folder, 'training/autoencoder.jsonl'), '{"step":20,"loss":0.5,"seconds":90}\n');
  const made = {
    date: '2026-11-21',
    seconds: 1,
    cpu: 'x',
    cores: 1,
    device: 'cpu:1',
    versions: {},
    git: null,
  };
  const card = await writeCard(folder, first, made);
  expect(card.training).toMatchObject([{ name: 'autoencoder', steps: 20, seconds: 90, loss: 0.5 }]);
  expect(card.training[0]!.config).toMatch(/^# The embedded prior's autoencoder/);
  const text = readFileSync(join(folder, 'README.md'), 'utf8');
  const links = [...text.matchAll(/\]\(([^)]+)\)/g)]
    .map(([, link]) => link!)
    .filter((link) => !link.startsWith('..'));
  expect(links).toHaveLength(4);
  for (const link of links) expect(existsSync(join(folder, link))).toBe(true);
});

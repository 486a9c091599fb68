import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { type Device, openDevice } from '../../../harness/engine/device.ts';
import { uniforms } from '../../../harness/engine/random.ts';
import { admConfigOf } from '../../../harness/networks/adm-flags.ts';
import { admParameterShapes } from '../../../harness/networks/adm-unet.ts';
import { initialise } from '../../../harness/networks/initialise.ts';
import { writeSafetensors } from '../../../harness/networks/safetensors-writer.ts';
import { measurePixelPrior, type PixelMeasurement } from '../../../harness/training/card/pixel-measure.ts';
import { writePixelCard } from '../../../harness/training/card/write.ts';
import { TINY_ADM, writeTinyAdm } from '../../support/tiny-adm.ts';

const FLAGS = {
  image_size: 64,
  num_channels: 8,
  num_res_blocks: 1,
  channel_mult: '1,1',
  attention_resolutions: 32,
  learn_sigma: true,
  norm_groups: 4,
};
const sizes = { heldOut: 3, steps: 2 };

/** An untrained pixel prior of toyfaces. */
function writeToyPixelPrior(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tweedie-toy-pixel-'));
  writeFileSync(join(folder, 'model_config.json'), JSON.stringify(FLAGS));
  const specs = admParameterShapes(admConfigOf(FLAGS, 'test'));
  const values = initialise(specs, uniforms({ seed: 0, role: 'train', image: 'weights', draw: 0 }));
  const tensors = specs.map((spec) => ({ ...spec, data: values.get(spec.name)! }));
  writeSafetensors(join(folder, 'model.safetensors'), tensors);
  return folder;
}

let device: Device;
let folder: string;
let first: PixelMeasurement;

beforeAll(async () => {
  device = await openDevice('cpu:1');
  folder = writeToyPixelPrior();
  first = await measurePixelPrior(device, folder, { seed: 1, sizes }, () => {});
}, 120_000);

it('measures the same for the same seed, and other samples for another', async () => {
  const measure = (seed: number) => measurePixelPrior(device, folder, { seed, sizes }, () => {});
  const bytes = ({ grid }: PixelMeasurement) => Buffer.from(grid.data).toString('base64');
  const [again, other] = [await measure(1), await measure(2)];
  expect(again.card).toEqual(first.card);
  expect(bytes(again)).toBe(bytes(first));
  expect(bytes(other)).not.toBe(bytes(first));
  // Two sets of real pictures, whatever the seed.
  expect(other.card.frechet.test).toEqual(first.card.frechet.test);
}, 120_000);

it('covers all that a card states', () => {
  const { terms, frechet } = first.card;
  expect(terms.map(({ t }) => t)).toEqual([0, 10, 50, 100, 300, 500, 700, 900]);
  for (const { error, bits } of terms) {
    // An untrained network predicts next to nothing of noise whose variance is 1.
    expect(error.mean).toBeGreaterThan(0.5);
    expect(bits.mean).toBeGreaterThan(0);
    expect(error.images).toBe(3);
  }
  expect(frechet.samples.value).toBeGreaterThan(frechet.test.value);
});

it('refuses a prior of other pictures', async () => {
  const small = writeTinyAdm();
  writeFileSync(join(small, 'model_config.json'), JSON.stringify(TINY_ADM));
  await expect(measurePixelPrior(device, small, { seed: 0, sizes }, () => {})).rejects.toThrow(
    `${small}: makes pictures of 3 x 16 x 16; toyfaces has 3 x 64 x 64`,
  );
});

it('writes a card whose pictures and logs all lie beside it', async () => {
  mkdirSync(join(folder, 'training'));
  writeFileSync(join(folder, 'training/pixel-diffusion.jsonl'), '{"step":20,"loss":0.5,"seconds":90}\n');
  const made = {
    date: '2026-11-21',
    seconds: 1,
    cpu: 'x',
    cores: 1,
    device: 'cpu:1',
    versions: {},
    git: null,
  };
  await writePixelCard(folder, first, made);
  const text = readFileSync(join(folder, 'README.md'), 'utf8');
  expect(text).toContain('channels 8, 8, 1 residual block(s) a level, attention at side 32, 4 groups');
  expect(text).toMatch(/^\| samples \| 3 \| [\d.]+ \|/m);
  const links = [...text.matchAll(/\]\(([^)]+)\)/g)]
    .map(([, link]) => link!)
    .filter((link) => !link.startsWith('..'));
  expect(links).toEqual(['samples.png', 'training/pixel-diffusion.jsonl', 'loss-pixel-diffusion.png']);
  for (const link of links) expect(existsSync(join(folder, link))).toBe(true);
});

import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openDevice } from '../../harness/engine/device.ts';
import { SafetensorsFile } from '../../harness/networks/safetensors.ts';
import { openLatentDiffusion } from '../../harness/priors/latent-diffusion.ts';
import { loadCheckpoint } from '../../harness/training/checkpoint.ts';
import { runTraining } from '../../harness/training/run.ts';
import { writeToyPrior } from './card/toy-prior.ts';

it('training an autoencoder stops when its time is over, goes on, and leaves a prior that opens', async () => {
  const device = await openDevice('cpu:1');
  const model = writeToyPrior();
  const folder = mkdtempSync(join(tmpdir(), 'tweedie-run-'));
  const config = join(folder, 'small.yaml');
  writeFileSync(
    config,
    `kind: autoencoder\nmodel: ${model}\nbatch: 2\nsteps: 3\nlearningRate: 0.001\nlogEvery: 1\n`,
  );
  const weights = join(model, 'vae/diffusion_pytorch_model.safetensors');
  const before = readFileSync(weights);
  const run = (secondsAllowed: number) =>
    runTraining(config, device, { checkpoints: folder, secondsAllowed, onProgress: () => {} });

  expect(await run(0)).toBeNull();
  expect(readFileSync(weights).equals(before)).toBe(true);

  const measured = await run(Number.POSITIVE_INFINITY);
  const log = readFileSync(join(model, 'training/small.jsonl'), 'utf8').trim().split('\n');
  expect(log.map((line) => JSON.parse(line).step)).toEqual([1, 2, 3]);

  // What is written is the moving average; the scaling factor is one over the latents' deviation.
  const { state } = loadCheckpoint(join(folder, 'small'))!;
  const file = new SafetensorsFile(weights);
  const [name] = file.entries.keys();
  const first = file.readFloat32(name!);
  file.close();
  expect(first).toEqual(state.average.slice(0, first.length));
  const { scaling_factor: scale } = JSON.parse(readFileSync(join(model, 'vae/config.json'), 'utf8'));
  expect(scale * measured!.latentDeviation!).toBeCloseTo(1, 4);
  expect(measured!.validationPsnr).toBeGreaterThan(0);

  const prior = openLatentDiffusion(model, { name: 'small' }, device.constant);
  prior.dispose();
}, 180_000);

it('training a decoder changes the decoder alone, so that what was trained on the latents stays valid', async () => {
  const device = await openDevice('cpu:1');
  const model = writeToyPrior();
  const folder = mkdtempSync(join(tmpdir(), 'tweedie-run-'));
  const config = join(folder, 'small.yaml');
  writeFileSync(
    config,
    `kind: decoder\nmodel: ${model}\nfrom: ${model}\nbatch: 2\nsteps: 2\nlearningRate: 0.001\n`,
  );
  const weights = join(model, 'vae/diffusion_pytorch_model.safetensors');
  const tensors = () => {
    const file = new SafetensorsFile(weights);
    const read = new Map([...file.entries.keys()].map((name) => [name, file.readFloat32(name)]));
    file.close();
    return read;
  };
  const scale = () => readFileSync(join(model, 'vae/config.json'), 'utf8');
  const [before, scaleBefore] = [tensors(), scale()];
  await runTraining(config, device, {
    checkpoints: folder,
    secondsAllowed: Number.POSITIVE_INFINITY,
    onProgress: () => {},
  });
  const after = tensors();
  expect([...after.keys()].sort()).toEqual([...before.keys()].sort());
  const changed = [...after].filter(([name, data]) => data.some((v, i) => v !== before.get(name)![i]));
  expect(changed.length).toBeGreaterThan(0);
  for (const [name] of changed) expect(name).toMatch(/^(decoder|post_quant_conv)\./);
  expect(scale()).toBe(scaleBefore);
}, 180_000);

import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Device, openDevice } from '../../harness/engine/device.ts';
import { tf } from '../../harness/engine/tf.ts';
import { paramsOf } from '../../harness/networks/params.ts';
import { readAdmConfig } from '../../harness/priors/adm-folder.ts';
import guidedDiffusion, { ADM_BETAS } from '../../harness/priors/guided-diffusion.ts';
import type { Prior } from '../../harness/priors/prior.ts';
import { loadCheckpoint } from '../../harness/training/checkpoint.ts';
import { type PixelDiffusionTraining, readTrainingConfig } from '../../harness/training/config.ts';
import { unpackHost } from '../../harness/training/parameters.ts';
import { type PixelBatch, pixelDiffusionObjective } from '../../harness/training/pixel-diffusion.ts';
import { runTraining } from '../../harness/training/run.ts';
import { readWeights } from '../../harness/training/weights.ts';

const FLAGS = {
  image_size: 64,
  num_channels: 8,
  num_res_blocks: 1,
  channel_mult: '1,1',
  attention_resolutions: 1,
  learn_sigma: true,
  use_scale_shift_norm: true,
  norm_groups: 4,
};

let device: Device;
beforeAll(async () => {
  device = await openDevice('cpu:1');
});

/** A folder with a small pixel model in `model` and a config of each name. */
function workplace(configs: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'tweedie-pixel-'));
  mkdirSync(join(folder, 'model'));
  writeFileSync(join(folder, 'model/model_config.json'), JSON.stringify(FLAGS));
  const common = 'kind: pixel-diffusion\nmodel: model\nbatch: 2\nlearningRate: 0.001\nlogEvery: 1\n';
  for (const [name, rest] of Object.entries(configs))
    writeFileSync(join(folder, `${name}.yaml`), common + rest);
  return folder;
}

const run = (folder: string, name: string, onProgress: (step: number) => void = () => {}) =>
  runTraining(join(folder, `${name}.yaml`), device, {
    checkpoints: folder,
    secondsAllowed: Number.POSITIVE_INFINITY,
    onProgress,
  });
const losses = (folder: string, name: string): number[] =>
  readFileSync(join(folder, `model/training/${name}.jsonl`), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line).loss);
const weightsOf = (folder: string): Buffer => readFileSync(join(folder, 'model/model.safetensors'));

describe('training a pixel prior', () => {
  it('gives the same bytes when it is killed and resumed, and a folder that opens as a prior', async () => {
    const undisturbed = workplace({ a: 'steps: 3\n' });
    await run(undisturbed, 'a');

    const disturbed = workplace({ a: 'steps: 3\ncheckpointEvery: 1\n' });
    const killed = run(disturbed, 'a', (step) => {
      if (step === 2) throw new Error('killed');
    });
    await expect(killed).rejects.toThrow('killed');
    expect(loadCheckpoint(join(disturbed, 'a'))!.step).toBe(1);
    await run(disturbed, 'a');
    expect(losses(disturbed, 'a')).toEqual(losses(undisturbed, 'a'));
    expect(weightsOf(disturbed).equals(weightsOf(undisturbed))).toBe(true);

    const params = guidedDiffusion.params.parse({ path: join(undisturbed, 'model') });
    const { imageShape } = await guidedDiffusion.inspect(params);
    const prior: Prior = await guidedDiffusion.open(params, device.constant);
    expect(prior.imageShape).toEqual(imageShape);
    expect(imageShape).toEqual([3, 64, 64]);
    prior.dispose();
  });

  it('goes on from given weights: its first loss is theirs', async () => {
    const folder = workplace({ a: 'steps: 2\n', b: 'steps: 1\nseed: 5\nfrom: model\n' });
    await run(folder, 'a');
    const { config, start } = readTrainingConfig(join(folder, 'b.yaml'));
    const objective = pixelDiffusionObjective(
      readAdmConfig(config.model),
      ADM_BETAS,
      config as PixelDiffusionTraining,
    );
    const given = readWeights(start!, [{ file: 'model.safetensors', prefix: '' }], objective.specs);
    const tensors = unpackHost(objective.specs, given).map(
      ({ name, shape, data }) => [name, tf.tensor(data, [...shape])] as const,
    );
    const evaluate = device.compile((batch: PixelBatch) =>
      objective.loss(paramsOf(new Map(tensors), 'given'), batch),
    );
    const [loss] = await (await evaluate(objective.batch(0))).data();

    await run(folder, 'b');
    expect(losses(folder, 'b')[0]! / loss!).toBeCloseTo(1, 5);
  });

  it('refuses to start from weights of another network', async () => {
    const folder = workplace({ a: 'steps: 1\n', b: 'steps: 1\nfrom: model/model.safetensors\n' });
    await run(folder, 'a');
    writeFileSync(join(folder, 'model/model_config.json'), JSON.stringify({ ...FLAGS, num_channels: 12 }));
    await expect(run(folder, 'b')).rejects.toThrow(
      /b\.yaml:7:7: from: .*model\.safetensors: tensor 'time_embed\.0\.weight' has shape \[32,8\]; expected \[48,12\] \(and \d+ more\)/,
    );
  });
}, 120_000);

import { existsSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import type { Argv } from 'yargs';
import { type Device, openDevice } from '../engine/device.ts';
import { UserError } from '../errors.ts';
import { ADM_FOLDER } from '../priors/adm-folder.ts';
import { EMBEDDED_FOLDER } from '../priors/embedded.ts';
import { describeRun } from '../scheduler/provenance.ts';
import type { Making } from '../training/card/card.ts';
import { CARD_SIZES, measurePrior } from '../training/card/measure.ts';
import { measurePixelPrior, PIXEL_CARD_SIZES } from '../training/card/pixel-measure.ts';
import { measureTextPixelPrior, TEXT_PIXEL_CARD_SIZES } from '../training/card/text-pixel-measure.ts';
import { requireRoomForCard, writeCard, writePixelCard, writeTextPixelCard } from '../training/card/write.ts';
import type { Command } from './command.ts';
import type { GlobalOptions } from './options.ts';
import { say, sayJson, warn } from './say.ts';

interface Arguments extends GlobalOptions {
  device: string;
  priorFolder: string;
  seed: number;
  json: boolean;
}

/** `tweedie card`: measures the embedded prior, or another of toyfaces, and writes its model card. */
const command: Command<Arguments> = {
  builder: (yargs) => {
    const described = yargs
      .option('device', { type: 'string', default: 'cpu', describe: 'Device, e.g. cpu:2' })
      .option('prior-folder', {
        type: 'string',
        default: EMBEDDED_FOLDER,
        defaultDescription: 'the embedded prior',
        describe:
          "A prior of toyfaces in diffusers' layout, of latents or of pixels, or a pixel model's folder; the card (README.md) and its pictures go there",
      })
      .option('seed', { type: 'number', default: 0, describe: 'Same seed and device, same numbers' })
      .option('json', {
        type: 'boolean',
        default: false,
        describe: 'Print all that was measured as one JSON document',
      })
      .example('$0 card', 'measure the embedded prior anew: reconstruction, samples, whether prompts act')
      .example('$0 card --prior-folder my-prior --device cpu:2', 'a prior that you trained yourself');
    // yargs also sets priorFolder for prior-folder, which its types do not say.
    return described as unknown as Argv<Arguments>;
  },
  async handler({ device: name, priorFolder, seed, json }) {
    if (!Number.isInteger(seed)) throw new UserError(`--seed: expected a whole number, found ${seed}`);
    requireRoomForCard(priorFolder);
    const started = performance.now();
    const device = await openDevice(name);
    const measure = cardOf(priorFolder);
    const { card, summary } = await measure(device, priorFolder, {
      seed,
      onStage(stage) {
        if (!json) warn(`${elapsed(started).toFixed(0).padStart(4)} s  ${stage}`);
      },
      made: () => making(name, elapsed(started)),
    });
    await device.dispose();
    if (json) sayJson(card);
    else say(`${summary.join('\n')}\ncard: ${priorFolder}/README.md`);
  },
};

export default command;

interface Measuring {
  readonly seed: number;
  onStage(stage: string): void;
  made(): Making;
}

function cardOf(folder: string) {
  if (existsSync(join(folder, ADM_FOLDER.flags))) return pixelCard;
  const has = (name: string) => existsSync(join(folder, name));
  return has('unet') && !has('vae') ? textPixelCard : latentCard;
}

async function latentCard(device: Device, folder: string, { seed, onStage, made }: Measuring) {
  const measured = await measurePrior(device, folder, { seed, sizes: CARD_SIZES }, onStage);
  const card = await writeCard(folder, measured, made());
  const { real, own, shuffled } = card.agreement.overall;
  const percent = ({ mean }: { mean: number }): string => `${(100 * mean).toFixed(0)} %`;
  return {
    card,
    summary: [
      ...card.autoencoder.map(({ split, mean }) => `autoencoder, ${split}: ${mean.toFixed(2)} dB`),
      `samples agree with their prompt in ${percent(own)} of what it states, with another's in ` +
        `${percent(shuffled)}; real pictures with their caption in ${percent(real)}`,
    ],
  };
}

async function pixelCard(device: Device, folder: string, { seed, onStage, made }: Measuring) {
  const measured = await measurePixelPrior(device, folder, { seed, sizes: PIXEL_CARD_SIZES }, onStage);
  const card = await writePixelCard(folder, measured, made());
  const { count, samples, test } = card.frechet;
  return {
    card,
    summary: [
      `FID-toy of ${count} samples to the validation split: ${samples.value.toFixed(2)}; of the test split: ${test.value.toFixed(2)}`,
    ],
  };
}

async function textPixelCard(device: Device, folder: string, { seed, onStage, made }: Measuring) {
  const sizes = TEXT_PIXEL_CARD_SIZES;
  const measured = await measureTextPixelPrior(device, folder, { seed, sizes }, onStage);
  const card = await writeTextPixelCard(folder, measured, made());
  return {
    card,
    summary: card.rows.map(
      ({ guidance, agreement, frechet }) =>
        `${guidance === null ? 'real pictures' : `guidance ${guidance}`}: agreement ${(100 * agreement.mean).toFixed(1)} %, FID-toy ${frechet.value.toFixed(2)}`,
    ),
  };
}

function elapsed(since: number): number {
  return (performance.now() - since) / 1000;
}

function making(device: string, seconds: number): Making {
  const { started, git, versions } = describeRun([]);
  const { node, platform } = versions;
  const processors = cpus();
  return {
    date: started.slice(0, 10),
    seconds,
    cpu: processors[0]?.model.trim() ?? 'unknown processor',
    cores: processors.length,
    device,
    versions: { Node: node!, platform: platform!, 'onnxruntime-node': versions['onnxruntime-node']! },
    git,
  };
}

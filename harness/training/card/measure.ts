import { SPLITS, sample } from '../../../datasets/toyfaces/index.ts';
import type { Device } from '../../engine/device.ts';
import { sizeOf } from '../../engine/shape.ts';
import { UserError } from '../../errors.ts';
import type { Image8 } from '../../pictures/image8.ts';
import { hashDiffusersFolder, readDiffusersFolder } from '../../priors/diffusers-folder.ts';
import { openLatentDiffusion } from '../../priors/latent-diffusion.ts';
import { measureAgreement } from './agreement.ts';
import type { Card } from './card.ts';
import { networkFacts, schedulerFacts } from './facts.ts';
import { pooledPixels } from './features.ts';
import { noiseErrors } from './noise-errors.ts';
import { oracleGaps } from './oracle-caption.ts';
import { imagesOf, PIXELS, paint, range } from './pictures.ts';
import { roundTrip } from './round-trip.ts';
import { drawSamples } from './sampler.ts';
import { estimateOf } from './scores.ts';
import { sheet } from './sheet.ts';

/** How much is measured. */
export interface CardSizes {
  /** Pictures of each held-out split, and samples. */
  readonly heldOut: number;
  readonly ddimSteps: number;
  /** Validation pictures that LDPS restores, and its steps. */
  readonly restored: number;
  readonly restoringSteps: number;
  /** Training pictures that the classifier learns from, and how often it sees each. */
  readonly learntFrom: number;
  readonly epochs: number;
}

export const CARD_SIZES: CardSizes = {
  heldOut: 200,
  ddimSteps: 50,
  restored: 24,
  restoringSteps: 50,
  learntFrom: 4000,
  epochs: 20,
};
const GUIDANCE = 3;
const NOISE_TIMES = [100, 300, 500, 700, 900];
const STRIP = 10;
const GRID_SIDE = 6;

export type Measured = Omit<Card, 'training' | 'made'>;

/** What was measured, and the pictures that show it. */
export interface Measurement {
  readonly card: Measured;
  /** Originals above their reconstructions. */
  readonly strip: Image8;
  readonly grid: Image8;
}

/**
 * Measures a latent diffusion prior of toyfaces: reconstruction, noise prediction and samples. Throws UserError for a
 * folder that holds no such prior.
 * @param onStage told what comes next
 */
export async function measurePrior(
  device: Device,
  folder: string,
  { seed, sizes }: { seed: number; sizes: CardSizes },
  onStage: (stage: string) => void,
): Promise<Measurement> {
  const facts = readDiffusersFolder(folder);
  if (sizeOf(facts.imageShape) !== PIXELS) {
    throw new UserError(
      `${folder}: makes pictures of ${facts.imageShape.join(' x ')}; toyfaces has 3 x 64 x 64`,
    );
  }
  const prior = openLatentDiffusion(folder, { name: 'prior' }, (data, shape) => device.constant(data, shape));

  onStage('autoencoder');
  const [validation, test] = [paint('validation', sizes.heldOut), paint('test', sizes.heldOut)];
  const trips = {
    validation: await roundTrip(device, prior, validation.pixels),
    test: await roundTrip(device, prior, test.pixels),
  };
  onStage('noise prediction');
  const times = NOISE_TIMES.filter((t) => t < prior.schedule.length);
  const noise = await noiseErrors(device, prior, validation, trips.validation.latents, { times, seed });

  onStage('what a caption is worth to a solver');
  const oracle = await oracleGaps(device, prior, paint('validation', sizes.restored), {
    steps: sizes.restoringSteps,
    seed,
  });

  const prompts = test.ids.map((id, i) => ({ id, prompt: test.captions[i]! }));
  const draw = (guidance: number): Promise<Float32Array> =>
    drawSamples(device, prior, prompts, { steps: sizes.ddimSteps, guidance, seed }, (done) =>
      onStage(`samples, guidance ${guidance}: ${done} of ${prompts.length}`),
    );
  const [samples, unguided] = [await draw(GUIDANCE), await draw(1)];

  onStage('classifier');
  const training = paint('train', sizes.learntFrom);
  const agreement = await measureAgreement(
    device,
    { captions: training.captions, features: pooledPixels(training.pixels) },
    {
      captions: test.captions,
      real: pooledPixels(test.pixels),
      samples: pooledPixels(samples),
      unguided: pooledPixels(unguided),
    },
    { epochs: sizes.epochs, seed },
  );
  const across = Math.min(STRIP, sizes.heldOut);
  const card = {
    seed,
    networks: networkFacts(facts),
    scheduler: schedulerFacts(folder),
    imageShape: facts.imageShape,
    latentShape: facts.latentShape,
    weightsSha256: hashDiffusersFolder(folder),
    autoencoder: [
      { split: 'validation', ...estimateOf(trips.validation.psnr) },
      { split: 'test', ...estimateOf(trips.test.psnr) },
    ],
    samples: {
      count: prompts.length,
      steps: sizes.ddimSteps,
      guidance: GUIDANCE,
      captionsSeen: captionsInTraining(test.captions),
      shown: test.captions.slice(0, GRID_SIDE ** 2),
    },
    noise,
    agreement,
    oracle,
  };
  prior.dispose();
  return {
    card,
    strip: sheet([...imagesOf(test.pixels, across), ...imagesOf(trips.test.pixels, across)], across),
    grid: sheet(imagesOf(samples, GRID_SIDE ** 2), GRID_SIDE),
  };
}

function captionsInTraining(captions: readonly string[]): number {
  const { seed, count } = SPLITS.train;
  const known = new Set(range(count).map((index) => sample(seed, index).caption));
  return captions.filter((caption) => known.has(caption)).length;
}

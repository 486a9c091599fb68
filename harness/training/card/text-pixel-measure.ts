import { join } from 'node:path';
import { batch, captionOf, SIZE, SPLITS, sample } from '../../../datasets/toyfaces/index.ts';
import type { Device } from '../../engine/device.ts';
import { uniforms } from '../../engine/random.ts';
import { UserError } from '../../errors.ts';
import { PACKAGE_ROOT } from '../../package-root.ts';
import type { Image8 } from '../../pictures/image8.ts';
import { openTextPixel } from '../../priors/text-pixel.ts';
import { hashTextPixelFolder, readTextPixelFolder } from '../../priors/text-pixel-folder.ts';
import { answersAbout, sharesSeen, traitShares } from '../trait-accuracy.ts';
import { derangement } from './derangement.ts';
import { schedulerFacts, textFacts, unetFacts } from './facts.ts';
import { frechetTo } from './frechet.ts';
import { noiseErrors } from './noise-errors.ts';
import { imagesOf, range } from './pictures.ts';
import { drawSamples } from './sampler.ts';
import { estimateOf } from './scores.ts';
import { sheet } from './sheet.ts';
import type { SampleRow, TextPixelCard } from './text-pixel-card.ts';
import { doubled, paintStream } from './text-pixel-pictures.ts';

/** How much is measured. */
export interface TextPixelCardSizes {
  /** Prompts, each sampled at every guidance, and pictures of the validation stream that they are compared with. */
  readonly count: number;
  readonly steps: number;
  /** Pictures of the validation split for the noise prediction. */
  readonly heldOut: number;
}

export const TEXT_PIXEL_CARD_SIZES: TextPixelCardSizes = { count: 200, steps: 20, heldOut: 40 };
const GUIDANCES = [1, 2, 4];
const TIMES = [50, 200, 400, 600, 800, 950];
const GRID_SIDE = 6;
const FEATURES = join(PACKAGE_ROOT, 'harness/metrics/toy-features');

/** What was measured, and a sheet of samples at the middle guidance. */
export interface TextPixelMeasurement {
  readonly card: Omit<TextPixelCard, 'training' | 'made'>;
  readonly grid: Image8;
}

/**
 * Measures a text-conditioned pixel prior of toyfaces at half their size: whether prompts act on the noise prediction, what the
 * trait network sees in samples, FID-toy. That network knows 64 pixels a side: pictures are shown to it with each pixel four
 * times. Throws UserError for a folder that holds no such prior.
 * @param onStage told what comes next
 */
export async function measureTextPixelPrior(
  device: Device,
  folder: string,
  { seed, sizes }: { seed: number; sizes: TextPixelCardSizes },
  onStage: (stage: string) => void,
): Promise<TextPixelMeasurement> {
  const model = readTextPixelFolder(folder);
  const side = model.imageShape[1];
  if (2 * side !== SIZE) {
    throw new UserError(`${folder}: makes pictures of ${side} x ${side}; expected ${SIZE / 2} x ${SIZE / 2}`);
  }
  const prior = openTextPixel(folder, 'measured', device.constant);
  onStage('noise prediction');
  const heldOut = batch('validation', range(sizes.heldOut), side);
  const ids = range(sizes.heldOut).map((i) => `validation/${i}`);
  const noise = await noiseErrors(
    device,
    prior,
    { ids, pixels: heldOut.pixels, captions: heldOut.captions },
    heldOut.pixels,
    { times: TIMES, seed },
  );

  const faces = range(sizes.count).map((i) => sample(SPLITS.test.seed, i).attributes);
  const captions = faces.map(captionOf);
  const prompts = captions.map((prompt, i) => ({ id: `sample/${i}`, prompt }));
  const order = derangement(captions.length, uniforms({ seed, role: 'sample', image: 'prompts', draw: 0 }));
  const exchanged = order.map((i) => captions[i]!);
  const reference = imagesOf(doubled(paintStream(SPLITS.validation.seed, sizes.count, side), side));
  const rowOf = async (guidance: number | null, pixels: Float32Array): Promise<SampleRow> => {
    const shown = doubled(pixels, side);
    const answers = await answersAbout(device, FEATURES, shown);
    const [frechet] = await frechetTo(device, reference, [imagesOf(shown)]);
    return {
      guidance,
      agreement: estimateOf(sharesSeen(answers, captions)),
      another: estimateOf(sharesSeen(answers, exchanged)),
      traits: traitShares(answers, captions),
      frechet: frechet!,
    };
  };
  const rows = [await rowOf(null, paintStream(SPLITS.test.seed, sizes.count, side))];
  let grid: Image8 | null = null;
  for (const guidance of GUIDANCES) {
    onStage(`samples with guidance ${guidance}`);
    const options = { steps: sizes.steps, guidance, seed };
    const pixels = await drawSamples(device, prior, prompts, options, () => {});
    rows.push(await rowOf(guidance, pixels));
    if (guidance === GUIDANCES[1]) grid = sheet(imagesOf(doubled(pixels, side), GRID_SIDE ** 2), GRID_SIDE);
  }
  prior.dispose();
  const card = {
    seed,
    networks: [unetFacts(model.unet), textFacts(model.textEncoder)],
    scheduler: schedulerFacts(folder),
    imageShape: model.imageShape,
    weightsSha256: hashTextPixelFolder(folder),
    noise,
    samples: { count: sizes.count, steps: sizes.steps },
    rows,
  };
  return { card, grid: grid! };
}

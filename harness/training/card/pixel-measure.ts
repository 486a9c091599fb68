import type { Device } from '../../engine/device.ts';
import { sizeOf } from '../../engine/shape.ts';
import { UserError } from '../../errors.ts';
import { admParameterShapes } from '../../networks/adm-unet.ts';
import { countParameters } from '../../networks/parameter-shapes.ts';
import type { Image8 } from '../../pictures/image8.ts';
import { hashAdmFolder, readAdmConfig } from '../../priors/adm-folder.ts';
import guidedDiffusion from '../../priors/guided-diffusion.ts';
import type { PriorWith } from '../../priors/prior.ts';
import { frechetTo } from './frechet.ts';
import { imagesOf, PIXELS, paint } from './pictures.ts';
import type { PixelCard } from './pixel-card.ts';
import { drawPixelSamples } from './pixel-sampler.ts';
import { pixelTerms } from './pixel-terms.ts';
import { sheet } from './sheet.ts';

/** How much is measured. */
export interface PixelCardSizes {
  /** Pictures of each held-out split, and samples. */
  readonly heldOut: number;
  readonly steps: number;
}

export const PIXEL_CARD_SIZES: PixelCardSizes = { heldOut: 200, steps: 100 };
const TIMES = [0, 10, 50, 100, 300, 500, 700, 900];
const GRID_SIDE = 6;

/** What was measured, and a sheet of samples. */
export interface PixelMeasurement {
  readonly card: Omit<PixelCard, 'training' | 'made'>;
  readonly grid: Image8;
}

/**
 * Measures a pixel prior of toyfaces: its loss on held-out pictures and its samples. Throws UserError for a folder that
 * holds no such prior.
 * @param onStage told what comes next
 */
export async function measurePixelPrior(
  device: Device,
  folder: string,
  { seed, sizes }: { seed: number; sizes: PixelCardSizes },
  onStage: (stage: string) => void,
): Promise<PixelMeasurement> {
  const network = readAdmConfig(folder);
  const params = guidedDiffusion.params.parse({ path: folder, toy: true });
  const prior = (await guidedDiffusion.open(params, device.constant)) as PriorWith<'learnedVariance'>;
  if (sizeOf(prior.imageShape) !== PIXELS) {
    throw new UserError(
      `${folder}: makes pictures of ${prior.imageShape.join(' x ')}; toyfaces has 3 x 64 x 64`,
    );
  }
  onStage('loss');
  const validation = paint('validation', sizes.heldOut);
  const terms = await pixelTerms(device, prior, validation, { times: TIMES, seed });
  const samples = await drawPixelSamples(device, prior, sizes.heldOut, { steps: sizes.steps, seed }, (done) =>
    onStage(`samples: ${done} of ${sizes.heldOut}`),
  );
  onStage('FID-toy');
  const real = imagesOf(validation.pixels);
  const drawn = imagesOf(samples);
  const [ofSamples, ofTest] = await frechetTo(device, real, [
    drawn,
    imagesOf(paint('test', sizes.heldOut).pixels),
  ]);
  const card = {
    seed,
    parameters: countParameters(admParameterShapes(network)),
    network,
    weightsSha256: hashAdmFolder(folder),
    terms,
    samples: { count: sizes.heldOut, steps: sizes.steps },
    frechet: { count: sizes.heldOut, samples: ofSamples!, test: ofTest! },
  };
  prior.dispose();
  return { card, grid: sheet(drawn.slice(0, GRID_SIDE ** 2), GRID_SIDE) };
}

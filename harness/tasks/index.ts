import blindMotionDeblurring from './blind/blind-motion-deblurring.ts';
import turbulence from './blind/turbulence.ts';
import traitEditing from './edit/trait-editing.ts';
import captionGeneration from './generate/caption-generation.ts';
import inversion from './invert/inversion.ts';
import anisotropicDeblurring from './restore/anisotropic-deblurring.ts';
import blockAveraging from './restore/block-averaging.ts';
import boxInpainting from './restore/box-inpainting.ts';
import colourisation from './restore/colourisation.ts';
import denoising from './restore/denoising.ts';
import freeFormInpainting from './restore/free-form-inpainting.ts';
import gaussianDeblurring from './restore/gaussian-deblurring.ts';
import highDynamicRange from './restore/high-dynamic-range.ts';
import jpegRestoration from './restore/jpeg-restoration.ts';
import motionDeblurring from './restore/motion-deblurring.ts';
import nonlinearDeblurring from './restore/nonlinear-deblurring.ts';
import phaseRetrieval from './restore/phase-retrieval.ts';
import randomInpainting from './restore/random-inpainting.ts';
import type { Restoration } from './restore/restoration.ts';
import superResolution from './restore/super-resolution.ts';
import uniformDeblurring from './restore/uniform-deblurring.ts';
import partSegmentation from './segment/part-segmentation.ts';
import type { Task } from './task.ts';
import traitTranslation from './translate/trait-translation.ts';

export const restorations: readonly Restoration[] = [
  superResolution,
  blockAveraging,
  gaussianDeblurring,
  motionDeblurring,
  boxInpainting,
  randomInpainting,
  freeFormInpainting,
  colourisation,
  denoising,
  uniformDeblurring,
  anisotropicDeblurring,
  nonlinearDeblurring,
  highDynamicRange,
  jpegRestoration,
  phaseRetrieval,
];

/** Every task, in the order of `tweedie list tasks`. */
export const tasks: readonly Task[] = [
  ...restorations,
  blindMotionDeblurring,
  turbulence,
  partSegmentation,
  inversion,
  traitEditing,
  captionGeneration,
  traitTranslation,
];

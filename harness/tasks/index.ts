import blockAveraging from './block-averaging.ts';
import boxInpainting from './box-inpainting.ts';
import colourisation from './colourisation.ts';
import freeFormInpainting from './free-form-inpainting.ts';
import gaussianDeblurring from './gaussian-deblurring.ts';
import motionDeblurring from './motion-deblurring.ts';
import randomInpainting from './random-inpainting.ts';
import superResolution from './super-resolution.ts';
import type { InverseTask } from './task.ts';

/** Every task, in the order of `tweedie list tasks`. */
export const tasks: readonly InverseTask[] = [
  superResolution,
  blockAveraging,
  gaussianDeblurring,
  motionDeblurring,
  boxInpainting,
  randomInpainting,
  freeFormInpainting,
  colourisation,
];

import compvisLdm from './compvis-ldm.ts';
import embedded from './embedded.ts';
import embeddedPixel from './embedded-pixel.ts';
import embeddedTextPixel from './embedded-text-pixel.ts';
import guidedDiffusion from './guided-diffusion.ts';
import type { PriorKind } from './prior-kind.ts';
import stableDiffusion from './stable-diffusion.ts';

/** Every prior, in the order of `tweedie list priors`. */
export const priors: readonly PriorKind[] = [
  embedded,
  embeddedPixel,
  embeddedTextPixel,
  stableDiffusion,
  guidedDiffusion,
  compvisLdm,
];

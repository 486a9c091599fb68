import type { ImageMetric } from './metric.ts';
import { psnrMetric } from './psnr.ts';
import { ssimMetric } from './ssim.ts';

/** Every per-image metric, in the order of the tables' columns. */
export const metrics: readonly ImageMetric[] = [psnrMetric, ssimMetric];

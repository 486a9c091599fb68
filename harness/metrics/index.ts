import { clipScoreToy } from './clip-score-toy.ts';
import { preservationMetric } from './kept.ts';
import { kernelMetrics } from './kernel.ts';
import type { AnyMetric } from './kinds.ts';
import { misfitMetric } from './measurement.ts';
import { miouMetric } from './miou.ts';
import { psnrMetric } from './psnr.ts';
import { ssimMetric } from './ssim.ts';
import { fidToy, lpipsToy } from './toy.ts';
import { traitAgreementMetric } from './trait-agreement.ts';
import { upstreamMetrics } from './upstream.ts';

/** Every metric, in the order of the tables' columns. */
export const metrics: readonly AnyMetric[] = [
  psnrMetric,
  ssimMetric,
  ...upstreamMetrics,
  lpipsToy,
  fidToy,
  clipScoreToy,
  preservationMetric,
  traitAgreementMetric,
  miouMetric,
  ...kernelMetrics,
  misfitMetric,
];

/** Metrics of published networks: they need weight files from upstream (docs/weights.md). */
import { clipScoreMetric } from './clip-score.ts';
import { fidMetric } from './fid.ts';
import { fidInfinityMetric } from './fid-infinity.ts';
import { inceptionExtractor } from './inception.ts';
import { kidMetric } from './kid.ts';
import type { AnyMetric } from './kinds.ts';
import { lpipsMetric } from './lpips.ts';

const clean = inceptionExtractor('clean');
const pytorchFid = inceptionExtractor('pytorch-fid');
const torchFidelity = inceptionExtractor('torch-fidelity');

/** FID and KID without a suffix are clean-fid's `clean`; LPIPS without one is `alex`, its authors' default. */
export const upstreamMetrics: readonly AnyMetric[] = [
  lpipsMetric('lpips', 'alex'),
  lpipsMetric('lpips-vgg', 'vgg'),
  lpipsMetric('lpips-squeeze', 'squeeze'),
  fidMetric('fid', clean),
  fidMetric('fid-pytorch', pytorchFid),
  fidMetric('fid-torch-fidelity', torchFidelity),
  fidInfinityMetric('fid-infinity', clean),
  kidMetric('kid', clean),
  kidMetric('kid-pytorch', pytorchFid),
  kidMetric('kid-torch-fidelity', torchFidelity),
  clipScoreMetric('clip-score', 'clip-vit-base-patch16'),
];

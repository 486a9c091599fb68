import type { BenchCase } from '../case.ts';
import { fid } from './fid.ts';
import { guidedSteps } from './guided-step.ts';
import { kernels } from './kernels.ts';
import { metricNetworks } from './metric-networks.ts';
import { sdStack } from './sd-stack.ts';
import { stableDiffusion } from './stable-diffusion.ts';

/** Everything that `npm run bench` times, in its order. */
export const CASES: readonly BenchCase[] = [
  ...kernels,
  ...guidedSteps,
  ...sdStack,
  ...stableDiffusion,
  ...metricNetworks,
  ...fid,
];

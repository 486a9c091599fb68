import type { Estimate } from '../../metrics/statistics.ts';
import type { AdmConfig } from '../../networks/adm-config.ts';
import type { Making, TrainingFacts } from './card.ts';

/** Everything that the model card of a pixel prior states. */
export interface PixelCard {
  readonly seed: number;
  readonly parameters: number;
  readonly network: AdmConfig;
  readonly weightsSha256: string;
  /** On the validation split, by training time. */
  readonly terms: readonly TermsAtTime[];
  readonly samples: { readonly count: number; readonly steps: number };
  readonly frechet: FrechetFacts;
  readonly training: readonly TrainingFacts[];
  readonly made: Making;
}

/** Both terms of the training's loss at one training time. */
export interface TermsAtTime {
  readonly t: number;
  /** Mean squared error of the noise. */
  readonly error: Estimate;
  /** One term of the variational bound, bits a value. */
  readonly bits: Estimate;
}

/** FID-toy against the validation split, with its standard error, of equally many pictures each. */
export interface FrechetFacts {
  readonly count: number;
  readonly samples: FrechetValue;
  /** Of real pictures: what samples that nobody could tell from them would have. */
  readonly test: FrechetValue;
}

export interface FrechetValue {
  readonly value: number;
  readonly standardError: number | null;
}

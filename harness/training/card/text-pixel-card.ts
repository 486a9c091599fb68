import type { Estimate } from '../../metrics/statistics.ts';
import type { SchedulerConfig } from '../../priors/schedule.ts';
import type { Making, NetworkFacts, NoiseError, TrainingFacts } from './card.ts';
import type { FrechetValue } from './pixel-card.ts';

/** Everything that the model card of a text-conditioned pixel prior states. */
export interface TextPixelCard {
  readonly seed: number;
  readonly networks: readonly NetworkFacts[];
  readonly scheduler: SchedulerConfig;
  /** [C,H,W] */
  readonly imageShape: readonly number[];
  readonly weightsSha256: string;
  /** On the validation split, by training time. */
  readonly noise: readonly NoiseError[];
  readonly samples: { readonly count: number; readonly steps: number };
  /** Real pictures first: what samples can be expected to reach. */
  readonly rows: readonly SampleRow[];
  readonly training: readonly TrainingFacts[];
  readonly made: Making;
}

/** What is measured of real pictures, or of samples at one scale of guidance. */
export interface SampleRow {
  /** null: real pictures. */
  readonly guidance: number | null;
  /** Share of its caption's statements that the trait network sees in a picture. */
  readonly agreement: Estimate;
  /** The same with the captions exchanged among the pictures. */
  readonly another: Estimate;
  /** By trait, the share of pictures. */
  readonly traits: Readonly<Record<string, number>>;
  readonly frechet: FrechetValue;
}

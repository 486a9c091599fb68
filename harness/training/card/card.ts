import type { Difference, Estimate } from '../../metrics/statistics.ts';
import type { SchedulerConfig } from '../../priors/schedule.ts';

/** Everything that a model card states. All of it is measured or read; the text around it is in markdown.ts. */
export interface Card {
  readonly seed: number;
  readonly networks: readonly NetworkFacts[];
  readonly scheduler: SchedulerConfig;
  /** [C,H,W] */
  readonly imageShape: readonly number[];
  readonly latentShape: readonly number[];
  readonly weightsSha256: string;
  readonly autoencoder: readonly RoundTripScore[];
  readonly samples: SampleFacts;
  readonly noise: readonly NoiseError[];
  readonly agreement: Agreement;
  readonly oracle: readonly OracleGap[];
  readonly training: readonly TrainingFacts[];
  readonly made: Making;
}

export interface NetworkFacts {
  /** Folder of its config.json. */
  readonly folder: string;
  readonly parameters: number;
  /** Its shape, in words. */
  readonly description: string;
}

/** PSNR in dB of pictures of one split after encoding and decoding. */
export interface RoundTripScore extends Estimate {
  readonly split: string;
}

export interface SampleFacts {
  readonly count: number;
  readonly steps: number;
  readonly guidance: number;
  /** How many of the held-out captions also occur, word for word, in the training split. */
  readonly captionsSeen: number;
  /** Captions of the pictures shown, in rows. */
  readonly shown: readonly string[];
}

/** Mean squared error of the noise prediction at one training time step, on held-out pictures. */
export interface NoiseError {
  readonly t: number;
  /** With the picture's own caption. */
  readonly own: Estimate;
  /** How much more it is with another picture's caption, and with the empty prompt. */
  readonly shuffled: Difference;
  readonly empty: Difference;
}

/** How often a classifier finds in a picture what a caption says, as shares of the pictures. */
export interface AgreementRow {
  readonly trait: string;
  readonly classes: number;
  /** Real held-out pictures with their own caption: what the classifier can tell at best. */
  readonly real: Estimate;
  /** Samples with the prompt they were made for, and with another sample's. */
  readonly own: Estimate;
  readonly shuffled: Estimate;
  /** Samples made without guidance with their prompt: how the solvers use the prior. */
  readonly unguided: Estimate;
  /** own - shuffled */
  readonly gain: Difference;
}

export interface Agreement {
  /** Pictures that the classifier learnt from. */
  readonly learntFrom: number;
  readonly rows: readonly AgreementRow[];
  /** Over all traits, each picture's mean. */
  readonly overall: AgreementRow;
}

/** What a caption is worth to LDPS on one task, in dB. */
export interface OracleGap {
  readonly task: string;
  readonly empty: Estimate;
  /** How much better it is with the picture's own caption, and with another picture's. */
  readonly own: Difference;
  readonly another: Difference;
}

/** One training run, as its log and its config tell. */
export interface TrainingFacts {
  readonly name: string;
  readonly steps: number;
  /** Running time of all its parts. */
  readonly seconds: number;
  /** The last loss of the log. */
  readonly loss: number;
  /** The config's text; null where the log's config is not part of this checkout. */
  readonly config: string | null;
  /** Picture of the loss curve, beside the card. */
  readonly chart: string;
}

/** Where, when and with what the card was made. */
export interface Making {
  readonly date: string;
  readonly seconds: number;
  readonly cpu: string;
  readonly cores: number;
  readonly device: string;
  readonly versions: Readonly<Record<string, string>>;
  /** null outside a checkout. */
  readonly git: { readonly commit: string; readonly dirty: boolean } | null;
}

import type { Device } from '../../engine/device.ts';
import { uniforms } from '../../engine/random.ts';
import type { Agreement, AgreementRow } from './card.ts';
import { type Features, trainClassifier } from './classifier.ts';
import { derangement } from './derangement.ts';
import { differenceOf, estimateOf } from './scores.ts';
import { TRAITS, traitsOf } from './traits.ts';

/** What is compared with the same captions: real pictures, and samples with and without guidance. */
export interface Compared {
  readonly captions: readonly string[];
  readonly real: Features;
  readonly samples: Features;
  readonly unguided: Features;
}

/** For each picture and trait: does the classifier find what the caption says? */
type Hits = readonly (readonly boolean[])[];

/**
 * Learns to read captions' statements off real pictures, then reads them off samples and compares with the samples' own
 * prompts and with those of other samples.
 */
export async function measureAgreement(
  device: Device,
  training: { captions: readonly string[]; features: Features },
  { captions, ...pictures }: Compared,
  { epochs, seed }: { epochs: number; seed: number },
): Promise<Agreement> {
  const classifier = await trainClassifier(device, training.features, training.captions.map(traitsOf), {
    classes: TRAITS.map(({ classes }) => classes.length),
    epochs,
    seed,
  });
  const found = await classifier.classify(pictures.samples);
  const order = derangement(captions.length, uniforms({ seed, role: 'sample', image: 'prompts', draw: 0 }));
  const exchanged = order.map((i) => captions[i]!);
  return agreementOf({
    learntFrom: training.captions.length,
    real: hits(await classifier.classify(pictures.real), captions),
    own: hits(found, captions),
    unguided: hits(await classifier.classify(pictures.unguided), captions),
    shuffled: hits(found, exchanged),
  });
}

/** The table of an agreement from single findings: rows are pictures, columns traits. */
export function agreementOf({
  learntFrom,
  ...kinds
}: { learntFrom: number } & Record<'real' | 'own' | 'unguided' | 'shuffled', Hits>): Agreement {
  const row = (trait: string, classes: number, share: (hits: readonly boolean[]) => number): AgreementRow => {
    const [real, own, shuffled] = [kinds.real.map(share), kinds.own.map(share), kinds.shuffled.map(share)];
    return {
      trait,
      classes,
      real: estimateOf(real),
      own: estimateOf(own),
      unguided: estimateOf(kinds.unguided.map(share)),
      shuffled: estimateOf(shuffled),
      gain: differenceOf(own, shuffled),
    };
  };
  return {
    learntFrom,
    rows: TRAITS.map(({ name, classes }, i) => row(name, classes.length, (hits) => Number(hits[i]))),
    overall: row(
      'all of them',
      TRAITS.reduce((sum, { classes }) => sum + classes.length, 0),
      (hits) => hits.filter(Boolean).length / hits.length,
    ),
  };
}

function hits(found: readonly (readonly number[])[], captions: readonly string[]): Hits {
  return captions.map((caption, i) =>
    traitsOf(caption).map((expected, trait) => found[i]![trait] === expected),
  );
}

import { UserError } from '../errors.ts';
import { fingerprint, referenceSetOf, setProtocol } from '../identity/fingerprint.ts';
import type { Metric, Protocol } from '../metrics/metric.ts';
import { mean, standardError } from '../metrics/statistics.ts';
import { scoredNames } from '../pictures/media.ts';
import { referTo } from '../scoring/protocol.ts';
import { pairByName } from './pairing.ts';
import { type EvaluatedPair, Pass, type PassOptions } from './pass.ts';
import { openPictures, type SeenPicture } from './pictures.ts';
import { readingProtocol, spoilers } from './warnings.ts';

export interface EvaluationOptions extends PassOptions {
  readonly generated: string;
  readonly reference: string;
}

/** One metric's number for the folder. */
export interface EvaluatedMetric extends Pick<Metric, 'name' | 'version' | 'better' | 'digits' | 'unit'> {
  readonly level: 'image' | 'set';
  /** The mean over pictures whose values are finite, or the set's number. */
  readonly value: number;
  /** null where one picture alone gives no spread. */
  readonly standardError: number | null;
  readonly pictures: number;
  /** Pictures with an infinite value (equal pairs), which the mean leaves out unless there are no others. */
  readonly infinite: number;
  readonly protocol: Protocol;
  readonly fingerprint: string;
}

export interface Evaluation {
  readonly generated: string;
  readonly reference: string;
  /** Short sha256 over the reference pictures' files: of a set's number it is part of the protocol. */
  readonly referenceSet: string;
  /** sha256 of the captions' file, where pictures were compared with captions. */
  readonly captions?: string;
  readonly metrics: readonly EvaluatedMetric[];
  /** Empty where folders were not paired. */
  readonly pairs: readonly EvaluatedPair[];
  readonly warnings: readonly string[];
}

/**
 * Scores a folder of pictures against another.
 * @throws UserError for folders, pictures, pairs or weights that cannot be used
 */
export async function evaluate(options: EvaluationOptions): Promise<Evaluation> {
  const { metrics, paired } = options;
  const other = metrics.find(({ of }) => of !== 'picture');
  if (other)
    throw new UserError(
      `${other.name} is of ${scoredNames[other.of]}, and a folder is read as pictures: it is scored in runs only`,
    );
  const perImage = metrics.filter(({ level }) => level === 'image');
  if (perImage.length > 0 && !paired) {
    throw new UserError(
      `${perImage[0]!.name} compares each picture with its own truth: it needs --pair name`,
    );
  }
  const captioned = metrics.find(({ against }) => against === 'caption');
  if (captioned && !options.captions) {
    throw new UserError(
      `${captioned.name} compares pictures with their captions; the folder ${options.generated} has none: ` +
        'it needs --captions FILE',
    );
  }
  const [generated, reference] = [
    await openPictures(options.generated),
    await openPictures(options.reference),
  ];
  const pass = new Pass(options, generated, reference);
  const pairs = paired ? await pass.pairs(pairByName(generated, reference)) : [];
  if (!paired) await pass.folders();
  const { seen } = pass;
  const warnings = spoilers(seen.generated, seen.reference);
  const sides = {
    generated: seen.generated.length,
    references: seen.reference.map(({ sha256 }) => sha256),
    paired,
  };
  const evaluated: EvaluatedMetric[] = [];
  for (const metric of metrics) {
    const ref = referTo(metric, { files: fileFormats(seen), ...readingProtocol(seen) }, options.weights);
    // A picture's number knows nothing of the others: it is the same in a run, whatever else was evaluated with it.
    const protocol = (metric.level === 'set' ? setProtocol(ref.protocol, sides) : ref.protocol) as Protocol;
    const { name, version, better, digits, unit } = metric;
    const about = {
      name,
      version,
      better,
      digits,
      ...(unit === undefined ? {} : { unit }),
      level: ref.level,
      protocol,
      fingerprint: fingerprint({ ...ref, protocol }),
      pictures: sides.generated,
    };
    if (metric.level === 'set') {
      const score = await pass.setScore(metric);
      warnings.push(...score.warnings);
      evaluated.push({ ...about, infinite: 0, value: score.value, standardError: score.standardError });
    } else {
      const mean = meanOfPairs(name, pairs);
      if (mean.warning) warnings.push(mean.warning);
      evaluated.push({ ...about, ...mean.numbers });
    }
  }
  return {
    generated: generated.path,
    reference: reference.path,
    referenceSet: referenceSetOf(sides.references),
    ...(captioned && { captions: `sha256 ${options.captions!.sha256}` }),
    metrics: evaluated,
    pairs,
    warnings,
  };
}

/** The mean over pairs whose values are finite; where there is none, the values' own. */
function meanOfPairs(
  metric: string,
  pairs: readonly EvaluatedPair[],
): { numbers: Pick<EvaluatedMetric, 'value' | 'standardError' | 'infinite'>; warning: string | null } {
  const values = pairs.map((pair) => pair.values[metric]!);
  const finite = values.filter(Number.isFinite);
  const infinite = values.length - finite.length;
  const counted = finite.length > 0 ? finite : values;
  const numbers = { value: mean(counted), standardError: standardError(counted), infinite };
  if (infinite === 0 || finite.length === 0) return { numbers, warning: null };
  const { name } = pairs.find((pair) => !Number.isFinite(pair.values[metric]))!;
  return {
    numbers,
    warning: `${metric}: mean over ${finite.length} finite of ${values.length}; ${infinite} infinite (equal pictures): ${name} for one`,
  };
}

/** `png` where all files are; else of each side what there is. */
function fileFormats({ generated, reference }: Pass['seen']): string {
  const formats = (facts: readonly SeenPicture[]) =>
    [...new Set(facts.map(({ format, bits }) => (bits > 8 ? `${format} of ${bits} bits` : format)))]
      .sort()
      .join(' and ');
  const [ours, theirs] = [formats(generated), formats(reference)];
  return ours === theirs ? `${ours}, 8-bit RGB` : `generated ${ours}, reference ${theirs}, as 8-bit RGB`;
}

import { fingerprint, setProtocol } from '../config/fingerprint.ts';
import { UserError } from '../errors.ts';
import { type AnyMetric, isCaptionMetric, isPictureMetric, isSetMetric } from '../metrics/kinds.ts';
import type { Image8, Metric, Protocol } from '../metrics/metric.ts';
import type { SetMetric } from '../metrics/set-metric.ts';
import { standardError } from '../metrics/statistics.ts';
import { FeatureCache } from '../scoring/feature-cache.ts';
import { cachedFeatures, cacheFeatures } from '../scoring/features.ts';
import type { OpenMetrics } from '../scoring/open-metrics.ts';
import { extractorProtocol, referTo } from '../scoring/protocol.ts';
import { scorePairs } from '../scoring/score-pairs.ts';
import type { WeightOverrides } from '../scoring/weights.ts';
import type { Captions } from './captions.ts';
import { type Pair, pairByName } from './pairing.ts';
import { openPictures, type PictureFacts, type PictureFolder, readWithFacts, stemOf } from './pictures.ts';
import { spoilers } from './warnings.ts';

export interface EvaluationOptions {
  readonly generated: string;
  readonly reference: string;
  readonly metrics: readonly AnyMetric[];
  /** Each generated picture has its truth of the same name: needed by metrics of single pictures. */
  readonly paired: boolean;
  /** Pictures that a network sees at once. */
  readonly batch: number;
  /** Where features are kept: a results folder. */
  readonly resultsDir: string;
  readonly open: OpenMetrics;
  readonly weights?: WeightOverrides | undefined;
  /** What the generated pictures should show; for metrics that compare with it. */
  readonly captions?: Captions | undefined;
  onProgress(done: number, total: number): void;
}

/** One metric's number for the folder. */
export interface EvaluatedMetric extends Pick<Metric, 'name' | 'version' | 'better' | 'digits' | 'unit'> {
  readonly level: 'image' | 'set';
  /** The mean over pictures, or the set's number. */
  readonly value: number;
  /** null where one picture alone gives no spread. */
  readonly standardError: number | null;
  readonly pictures: number;
  readonly protocol: Protocol;
  readonly fingerprint: string;
}

/** One pair's numbers, by metric. */
export interface EvaluatedPair extends Pair {
  readonly values: Readonly<Record<string, number>>;
}

export interface Evaluation {
  readonly generated: string;
  readonly reference: string;
  readonly metrics: readonly EvaluatedMetric[];
  /** Empty where folders were not paired. */
  readonly pairs: readonly EvaluatedPair[];
  readonly warnings: readonly string[];
}

type ReadPicture = { readonly image: Image8; readonly facts: PictureFacts };

/**
 * Scores a folder of pictures against another.
 * @throws UserError for folders, pictures, pairs or weights that cannot be used
 */
export async function evaluate(options: EvaluationOptions): Promise<Evaluation> {
  const { metrics, paired } = options;
  const perImage = metrics.filter(isPictureMetric);
  if (perImage.length > 0 && !paired) {
    throw new UserError(
      `${perImage[0]!.name} compares each picture with its own truth: it needs --pair name`,
    );
  }
  const captioned = metrics.find(isCaptionMetric);
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
    const ref = referTo(metric, fileFormats(seen), options.weights);
    const protocol = {
      ...(setProtocol(ref.protocol, sides) as Protocol),
      ...(isCaptionMetric(metric) ? { captions: `sha256 ${options.captions!.sha256}` } : {}),
    };
    const { name, version, better, digits, unit } = metric;
    const about = {
      name,
      version,
      better,
      digits,
      ...(unit === undefined ? {} : { unit }),
      level: ref.level,
    };
    const identity = { protocol, fingerprint: fingerprint({ ...ref, protocol }), pictures: sides.generated };
    if (isSetMetric(metric)) {
      const score = await pass.setScore(metric);
      warnings.push(...score.warnings);
      evaluated.push({ ...about, ...identity, value: score.value, standardError: score.standardError });
    } else {
      const values = pairs.map((pair) => pair.values[name]!);
      const value = values.reduce((sum, v) => sum + v, 0) / values.length;
      evaluated.push({ ...about, ...identity, value, standardError: standardError(values) });
    }
  }
  return { generated: generated.path, reference: reference.path, metrics: evaluated, pairs, warnings };
}

/** One reading of both folders, a batch at a time: scores pairs and caches features on the way. */
class Pass {
  readonly #options: EvaluationOptions;
  readonly #folders: { readonly generated: PictureFolder; readonly reference: PictureFolder };
  readonly seen: Record<'generated' | 'reference', PictureFacts[]> = { generated: [], reference: [] };

  constructor(options: EvaluationOptions, generated: PictureFolder, reference: PictureFolder) {
    this.#options = options;
    this.#folders = { generated, reference };
  }

  async pairs(pairs: readonly Pair[]): Promise<EvaluatedPair[]> {
    const evaluated: EvaluatedPair[] = [];
    for (const some of inBatches(pairs, this.#options.batch)) {
      const restored = await this.#read(
        'generated',
        some.map(({ generated }) => generated),
      );
      const truths = await this.#read(
        'reference',
        some.map(({ reference }) => reference),
      );
      for (const [i] of some.entries()) refuseOtherSize(restored[i]!.facts, truths[i]!.facts);
      const values = some.map((): Record<string, number> => ({}));
      const together = some.map(({ name }, i) => ({
        restored: restored[i]!.image,
        truth: truths[i]!.image,
        caption: async () => this.#options.captions!.of(name),
      }));
      for (const metric of this.#options.metrics.filter(isPictureMetric)) {
        const scores = await scorePairs(metric, together, this.#options.open);
        for (const [i, of] of values.entries()) of[metric.name] = scores[i]!;
      }
      evaluated.push(...some.map((pair, i) => ({ ...pair, values: values[i]! })));
    }
    return evaluated;
  }

  async folders(): Promise<void> {
    for (const side of ['generated', 'reference'] as const) {
      for (const names of inBatches(this.#folders[side].files, this.#options.batch))
        await this.#read(side, names);
    }
  }

  async setScore(metric: SetMetric) {
    const { extractor } = metric;
    const cache = this.#cache(metric);
    const rows = (facts: readonly PictureFacts[]) =>
      facts.map(({ sha256, file }) => ({ sha256, image: stemOf(file) }));
    return metric.score({
      generated: await cachedFeatures(rows(this.seen.generated), cache, extractor.dimensions),
      reference: await cachedFeatures(rows(this.seen.reference), cache, extractor.dimensions),
      paired: this.#options.paired,
    });
  }

  async #read(side: 'generated' | 'reference', names: readonly string[]): Promise<ReadPicture[]> {
    const { metrics, open, onProgress } = this.#options;
    const pictures = await Promise.all(names.map((name) => readWithFacts(this.#folders[side], name)));
    for (const metric of metrics.filter(isSetMetric)) {
      const rows = pictures.map(({ image, facts: { sha256 } }) => ({ sha256, image }));
      await cacheFeatures(rows, this.#cache(metric), () => open.get(metric.extractor));
    }
    this.seen[side].push(...pictures.map(({ facts }) => facts));
    const { generated, reference } = this.#folders;
    onProgress(
      this.seen.generated.length + this.seen.reference.length,
      generated.files.length + reference.files.length,
    );
    return pictures;
  }

  #cache({ extractor }: SetMetric): FeatureCache {
    const { resultsDir, weights } = this.#options;
    return new FeatureCache(resultsDir, extractorProtocol(extractor, weights), extractor.dimensions);
  }
}

function refuseOtherSize(generated: PictureFacts, reference: PictureFacts): void {
  if (generated.width === reference.width && generated.height === reference.height) return;
  const size = ({ width, height }: PictureFacts) => `${width}x${height}`;
  throw new UserError(
    `${generated.file} is ${size(generated)}, its truth ${reference.file} ${size(reference)}: expected equal sizes`,
  );
}

/** `png` where all files are; else of each side what there is. */
function fileFormats({ generated, reference }: Pass['seen']): string {
  const formats = (facts: readonly PictureFacts[]) =>
    [...new Set(facts.map(({ format, bits }) => (bits > 8 ? `${format} of ${bits} bits` : format)))]
      .sort()
      .join(' and ');
  const [ours, theirs] = [formats(generated), formats(reference)];
  return ours === theirs ? `${ours}, 8-bit RGB` : `generated ${ours}, reference ${theirs}, as 8-bit RGB`;
}

function inBatches<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) =>
    items.slice(i * size, (i + 1) * size),
  );
}

import { join } from 'node:path';
import { inBatches } from '../arrays.ts';
import { UserError } from '../errors.ts';
import { type AnyMetric, isOfImages } from '../metrics/kinds.ts';
import type { SetMetric, SetScore } from '../metrics/set-metric.ts';
import type { Image8 } from '../pictures/image8.ts';
import { openPicture, type PictureContent } from '../pictures/picture-content.ts';
import { FeatureCache } from '../scoring/feature-cache.ts';
import { cacheFeatures } from '../scoring/features.ts';
import type { OpenMetrics } from '../scoring/open-metrics.ts';
import { extractorProtocol } from '../scoring/protocol.ts';
import { refuseSize } from '../scoring/refuse-size.ts';
import { scorePairs } from '../scoring/score-pairs.ts';
import { scoreSet } from '../scoring/score-set.ts';
import type { WeightOverrides } from '../scoring/weights.ts';
import { inSmallParts } from './batches.ts';
import type { Captions } from './captions.ts';
import type { Pair } from './pairing.ts';
import { look, type PictureFolder, type SeenPicture, stemOf } from './pictures.ts';

/** What a pass needs beside its folders. */
export interface PassOptions {
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

/** One pair's numbers, by metric. */
export interface EvaluatedPair extends Pair {
  readonly values: Readonly<Record<string, number>>;
}

type SideName = 'generated' | 'reference';
type Decoded = { readonly image: Image8; readonly facts: SeenPicture };

/** One reading of both folders, a batch at a time: scores pairs and caches features on the way. */
export class Pass {
  readonly #options: PassOptions;
  readonly #folders: { readonly [side in SideName]: PictureFolder };
  readonly seen: Record<SideName, SeenPicture[]> = { generated: [], reference: [] };

  constructor(options: PassOptions, generated: PictureFolder, reference: PictureFolder) {
    this.#options = options;
    this.#folders = { generated, reference };
  }

  async pairs(pairs: readonly Pair[]): Promise<EvaluatedPair[]> {
    const evaluated: EvaluatedPair[] = [];
    for (const some of inBatches(pairs, this.#options.batch)) {
      const opened = await Promise.all(some.map((pair) => this.#openPair(pair)));
      for (const part of inSmallParts(opened, ({ generated }) => 2 * pixelsOf(generated))) {
        evaluated.push(...(await this.#score(part)));
      }
    }
    return evaluated;
  }

  async folders(): Promise<void> {
    for (const side of ['generated', 'reference'] as const) {
      const { path, files } = this.#folders[side];
      for (const names of inBatches(files, this.#options.batch)) {
        const opened = await Promise.all(names.map((name) => openPicture(join(path, name))));
        for (const part of inSmallParts(opened, pixelsOf)) await this.#look(side, part);
      }
    }
  }

  async setScore(metric: SetMetric): Promise<SetScore> {
    const rows = (pictures: readonly SeenPicture[]) =>
      pictures.map(({ featuresKey, file }) => ({ sha256: featuresKey, image: stemOf(file) }));
    return scoreSet(metric, this.#cache(metric), {
      generated: rows(this.seen.generated),
      reference: rows(this.seen.reference),
      paired: this.#options.paired,
    });
  }

  async #openPair(pair: Pair): Promise<OpenPair> {
    const { generated, reference } = this.#folders;
    const opened = {
      pair,
      generated: await openPicture(join(generated.path, pair.generated)),
      reference: await openPicture(join(reference.path, pair.reference)),
    };
    refuseOtherSize(opened);
    for (const metric of this.#options.metrics) refuseSize(metric, opened.generated.facts, pairName(opened));
    return opened;
  }

  async #score(opened: readonly OpenPair[]): Promise<EvaluatedPair[]> {
    const { metrics, open, captions } = this.#options;
    const restored = await this.#look(
      'generated',
      opened.map(({ generated }) => generated),
    );
    const truths = await this.#look(
      'reference',
      opened.map(({ reference }) => reference),
    );
    const together = opened.map((one, i) => ({
      name: pairName(one),
      restored: restored[i]!.image,
      truth: truths[i]!.image,
      caption: async () => captions!.of(one.pair.name),
    }));
    const values = opened.map((): Record<string, number> => ({}));
    for (const metric of metrics.filter(isOfImages)) {
      const scores = await scorePairs(metric, together, open);
      for (const [i, of] of values.entries()) of[metric.name] = scores[i]!;
    }
    return opened.map(({ pair }, i) => ({ ...pair, values: values[i]! }));
  }

  async #look(side: SideName, opened: readonly PictureContent[]): Promise<Decoded[]> {
    const { metrics, open, onProgress } = this.#options;
    const pictures = await Promise.all(opened.map(look));
    for (const metric of metrics.filter((one) => one.level === 'set')) {
      const rows = pictures.map(({ image, facts: { featuresKey, file } }) => ({
        sha256: featuresKey,
        image,
        name: file,
      }));
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

interface OpenPair {
  readonly pair: Pair;
  readonly generated: PictureContent;
  readonly reference: PictureContent;
}

function pairName({ generated, reference }: OpenPair): string {
  return `${generated.facts.file} and its truth ${reference.facts.file}`;
}

function pixelsOf({ facts: { width, height } }: PictureContent): number {
  return width * height;
}

function refuseOtherSize({ generated: { facts: ours }, reference: { facts: theirs } }: OpenPair): void {
  if (ours.width === theirs.width && ours.height === theirs.height) return;
  const size = ({ width, height }: SeenSize) => `${width}x${height}`;
  const turned = [ours, theirs].find(({ orientation }) => orientation !== 1);
  const hint = turned
    ? `; the EXIF orientation of ${turned.file} (${turned.orientation}) is not followed`
    : '';
  throw new UserError(
    `${ours.file} is ${size(ours)}, its truth ${theirs.file} ${size(theirs)}: expected equal sizes${hint}`,
  );
}

type SeenSize = Pick<SeenPicture, 'width' | 'height'>;

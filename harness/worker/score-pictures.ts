import { inBatches } from '../arrays.ts';
import type { SetMetric } from '../metrics/set-metric.ts';
import { FeatureCache } from '../scoring/feature-cache.ts';
import { cacheFeatures } from '../scoring/features.ts';
import { extractorProtocol } from '../scoring/protocol.ts';
import { scoreSet } from '../scoring/score-set.ts';
import type { SetComparisonPlan, SetPicture } from '../store/configurations.ts';
import { readImage } from './files.ts';
import type { CellToScore, Progress, ScoreJob, ScoreOutcome } from './messages.ts';
import { openCell, type ScoreParts, scoreEach } from './score-cells.ts';

/** Pictures that a network sees at once. */
const BATCH = 4;

/** Scores stored pictures; hands over each number as soon as it is there. */
export async function* scorePictures(
  job: ScoreJob,
  parts: ScoreParts,
): AsyncGenerator<ScoreOutcome | Progress> {
  switch (job.of) {
    case 'cells': {
      const unreadable: unknown[] = [];
      for (const cells of inBatches(job.cells, BATCH)) yield* scoreCells(cells, parts, unreadable);
      if (unreadable.length > 0) throw unreadable[0];
      return;
    }
    case 'features':
      for (const pictures of inBatches(job.pictures, BATCH)) {
        await extract(setMetric(job.metric, parts), pictures, parts);
        yield { kind: 'progress', done: pictures.length, total: job.pictures.length };
      }
      return;
    case 'set':
      yield await scoreComparison(job.comparison, parts);
  }
}

/** Cells whose pictures cannot be read are left out, for the reasons that join `unreadable`. */
async function* scoreCells(
  cells: readonly CellToScore[],
  parts: ScoreParts,
  unreadable: unknown[],
): AsyncGenerator<ScoreOutcome> {
  const read = await Promise.allSettled(
    cells.map(async (cell) => ({
      ...(await openCell(cell, parts)),
      scores: [] as { metric: string; value: number }[],
    })),
  );
  const pairs = read.flatMap((result) => {
    if (result.status === 'fulfilled') return [result.value];
    unreadable.push(result.reason);
    return [];
  });
  for (const metric of parts.known.metrics.values()) {
    if (metric.level !== 'image') continue;
    const wanting = pairs.filter(({ cell }) => cell.metrics.some((wanted) => wanted.metric === metric.name));
    if (wanting.length === 0) continue;
    const values = await scoreEach(metric, wanting, parts);
    for (const [i, { scores }] of wanting.entries()) scores.push({ metric: metric.name, value: values[i]! });
  }
  for (const { cell, scores } of pairs) {
    yield {
      kind: 'scored',
      cellKey: cell.cellKey,
      scores: scores.map(({ metric, value }) => ({
        ...cell.metrics.find((wanted) => wanted.metric === metric)!,
        value,
      })),
    };
  }
}

async function extract(
  metric: SetMetric,
  pictures: readonly SetPicture[],
  { networks, resultsDir }: ScoreParts,
): Promise<void> {
  const images = await Promise.all(
    pictures.map(async ({ path, sha256, item }) => ({
      sha256,
      image: await readImage(resultsDir, path),
      name: item,
    })),
  );
  await cacheFeatures(images, cacheOf(metric, resultsDir), () => networks.get(metric.extractor));
}

async function scoreComparison(
  { key, metric: { name, version, protocol }, generated, references }: SetComparisonPlan,
  parts: ScoreParts,
): Promise<ScoreOutcome> {
  const metric = setMetric(name, parts);
  const rows = (pictures: readonly SetPicture[]) =>
    pictures.map(({ sha256, item }) => ({ sha256, image: item }));
  const score = await scoreSet(metric, cacheOf(metric, parts.resultsDir), {
    generated: rows(generated),
    reference: rows(references),
    paired: true,
  });
  return { kind: 'set-scored', score: { key, metric: name, version, protocol, ...score } };
}

function cacheOf({ extractor }: SetMetric, resultsDir: string): FeatureCache {
  return new FeatureCache(resultsDir, extractorProtocol(extractor), extractor.dimensions);
}

function setMetric(name: string, { known }: ScoreParts): SetMetric {
  const metric = known.metrics.get(name);
  if (metric?.level !== 'set') throw new Error(`"${name}" is no metric of sets`);
  return metric;
}

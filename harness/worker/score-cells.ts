import type { Traits } from '../data/dataset.ts';
import { UserError } from '../errors.ts';
import type { KeptMetric } from '../metrics/kept.ts';
import { type AnyMetric, isOfImages } from '../metrics/kinds.ts';
import type { MeasurementMetric } from '../metrics/measurement.ts';
import type { KernelMetric } from '../metrics/metric.ts';
import type { SetMetric } from '../metrics/set-metric.ts';
import type { TraitMetric } from '../metrics/traits.ts';
import { type Known, named } from '../plan/registries.ts';
import type { OpenMetrics } from '../scoring/open-metrics.ts';
import { type CaptionedPair, scorePairs } from '../scoring/score-pairs.ts';
import { TRUTH } from '../store/stored-file.ts';
import { readImage, readTensor } from './files.ts';
import type { CellToScore, Problem } from './messages.ts';
import { residual } from './residual.ts';
import { required, wantedOf } from './wanted.ts';

/** What scoring needs beside its job. */
export interface ScoreParts {
  readonly known: Known;
  readonly networks: OpenMetrics;
  readonly resultsDir: string;
}

/** A stored picture with its truth, and what it is judged by beside. */
export interface ToScore extends CaptionedPair {
  readonly cell: CellToScore;
  wanted(): ReturnType<typeof wantedOf>;
}

/** @throws UserError for pictures that cannot be read */
export async function openCell(cell: CellToScore, { known, resultsDir }: ScoreParts): Promise<ToScore> {
  let found: ReturnType<typeof wantedOf> | undefined;
  const wanted = () => {
    found ??= wantedOf(posed(cell), known);
    return found;
  };
  return {
    cell,
    name: cell.item,
    restored: await readImage(resultsDir, cell.restored),
    truth: await readImage(resultsDir, cell.truth),
    caption: async () => (cell.problem && (await wanted()).caption) ?? captionOf(cell, known),
    wanted,
  };
}

/** One value a cell. */
export async function scoreEach(
  metric: Exclude<AnyMetric, SetMetric>,
  wanting: readonly ToScore[],
  parts: ScoreParts,
): Promise<number[]> {
  if (isOfImages(metric)) return scorePairs(metric, wanting, parts.networks);
  if (metric.of === 'traits') return scoreTraits(metric, wanting, parts);
  const values: number[] = [];
  for (const one of wanting) values.push(await scoreOne(metric, one, parts));
  return values;
}

async function scoreOne(
  metric: KernelMetric | MeasurementMetric | KeptMetric,
  one: ToScore,
  parts: ScoreParts,
): Promise<number> {
  switch (metric.of) {
    case 'kernel':
      return scoreKernel(metric, one.cell, parts.resultsDir);
    case 'measurement':
      return scoreMeasurement(metric, one.cell, parts);
    case 'kept':
      return scoreKept(metric, one);
  }
}

async function scoreKept(metric: KeptMetric, { cell, restored, truth, wanted }: ToScore): Promise<number> {
  const { mask } = await wanted();
  return metric.score(
    restored,
    truth,
    required(mask, metric.name, posed(cell).setting.task, 'what may change'),
  );
}

async function scoreTraits(
  metric: TraitMetric,
  wanting: readonly ToScore[],
  { networks }: ScoreParts,
): Promise<number[]> {
  const traits: Traits[] = [];
  for (const { cell, wanted } of wanting)
    traits.push(
      required((await wanted()).traits, metric.name, posed(cell).setting.task, 'which traits are wanted'),
    );
  const pictures = wanting.map(({ restored }) => restored);
  return (await networks.get(metric)).scores(pictures, traits);
}

function posed({ item, problem }: CellToScore): Problem {
  if (!problem) throw new Error(`${item}: nothing says what was posed`);
  return problem;
}

/** @throws UserError where the cell's array file is missing or damaged, or holds no kernels */
function scoreKernel(metric: KernelMetric, { array, item }: CellToScore, resultsDir: string): number {
  if (!array) throw new UserError(`${metric.name} of ${item}: its array file is missing`);
  const kernel = (name: string) => readTensor(resultsDir, array.path, array.sha256, name);
  return metric.score(kernel('kernel'), kernel(`${TRUTH}kernel`));
}

/** @throws UserError where the cell's array file is missing or damaged */
async function scoreMeasurement(
  metric: MeasurementMetric,
  cell: CellToScore,
  { known, resultsDir }: ScoreParts,
): Promise<number> {
  const { array, item } = cell;
  if (!array) throw new UserError(`${metric.name} of ${item}: its array file is missing`);
  const result = readTensor(resultsDir, array.path, array.sha256);
  const { rms, sigma } = await residual(posed(cell), result, known);
  return metric.score(rms, sigma);
}

async function captionOf({ dataset, item }: CellToScore, { datasets }: Known): Promise<string> {
  const caption = await named(datasets, dataset).caption?.(item);
  if (caption === undefined) throw new UserError(`the data set ${dataset} has no captions`);
  return caption;
}

import { byMethod } from '../identity/batch-methods.ts';
import type { Batch } from '../identity/refs.ts';
import { metrics } from '../metrics/index.ts';
import type { MetricRow } from '../store/rows.ts';
import { counted } from '../text/count.ts';
import type { WorkItem } from './retry-policy.ts';

/** What is told of each restored image as it is solved. */
type Score = Pick<MetricRow, 'metric' | 'value'>;

/** One method in one setting. */
interface Progress {
  /** Cells that have neither a result nor a failure yet. */
  open: number;
  readonly sums: Map<string, { sum: number; images: number }>;
}

/**
 * Means of the numbers that come with solving, by method and setting, while a run goes on. Infinite numbers are left out,
 * as tables leave them out.
 */
export class RunningMeans {
  readonly #of = new Map<string, Progress>();

  /**
   * @param stored numbers that the store has already
   * @param todo what the run will solve
   */
  constructor(stored: Iterable<MetricRow>, todo: readonly WorkItem[]) {
    for (const { method, setting, ...score } of stored) add(this.#at(method, setting), score);
    for (const { batch, wanted } of todo) {
      const keys = new Set(wanted);
      for (const { method, setting, items } of byMethod(batch))
        this.#at(method.key, setting.key).open += items.filter(({ cellKey }) => keys.has(cellKey)).length;
    }
  }

  /** A cell of one method has a result, or with no scores has failed; gives whether it was the last one in its setting. */
  finish({ method, setting }: Batch, scores: readonly Score[]): boolean {
    const progress = this.#at(method.key, setting.key);
    for (const score of scores) add(progress, score);
    progress.open--;
    return progress.open === 0;
  }

  /** `psnr 26.29, ssim 0.7906 (8 images)` of what a batch of one method belongs to; nothing where there is no number yet. */
  about({ method, setting }: Batch): string {
    const means = [...this.#at(method.key, setting.key).sums].map(([metric, { sum, images }]) => ({
      text: `${metric} ${rounded(metric, sum / images)}`,
      images,
    }));
    if (means.length === 0) return '';
    const most = Math.max(...means.map(({ images }) => images));
    return `${means.map(({ text }) => text).join(', ')} (${counted(most, 'image')})`;
  }

  #at(method: string, setting: string): Progress {
    const key = `${method} ${setting}`;
    const known = this.#of.get(key) ?? { open: 0, sums: new Map() };
    this.#of.set(key, known);
    return known;
  }
}

function add({ sums }: Progress, { metric, value }: Score): void {
  if (!Number.isFinite(value)) return;
  const { sum, images } = sums.get(metric) ?? { sum: 0, images: 0 };
  sums.set(metric, { sum: sum + value, images: images + 1 });
}

/** As tables round it; of a metric that is not built in, four digits. */
function rounded(name: string, value: number): string {
  const digits = metrics.find((metric) => metric.name === name)?.digits;
  return digits === undefined ? value.toPrecision(4) : value.toFixed(digits);
}

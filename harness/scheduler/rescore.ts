import type { Plan } from '../config/plan.ts';
import type { ImageMetric } from '../metrics/metric.ts';
import { missingScores } from '../store/queries.ts';
import type { Store } from '../store/store.ts';
import { saveScores } from '../store/writes.ts';
import { readImage } from '../worker/files.ts';
import { score } from '../worker/solve-group.ts';

/** Computes the scores that a plan asks for and its solved cells lack (a new or a corrected metric); solves nothing. */
export async function rescore(store: Store, plan: Plan, known: readonly ImageMetric[]): Promise<void> {
  for (const { cellKey, metric, restored, truth } of missingScores(store, plan.name)) {
    const wanted = known.filter(({ name }) => name === metric);
    const [a, b] = [await readImage(store.dir, restored), await readImage(store.dir, truth)];
    saveScores(store, cellKey, score(wanted, a, b));
  }
}

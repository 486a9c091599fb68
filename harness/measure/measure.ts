import { openDevice } from '../engine/device.ts';
import { UserError } from '../errors.ts';
import { problemKey } from '../identity/keys.ts';
import type { Batch } from '../identity/refs.ts';
import type { Entry, Manifest } from '../measured/manifest.ts';
import { refuseSharedNames } from '../measured/names.ts';
import type { Plan } from '../plan/plan.ts';
import { MeasurementFolder, type Written } from './journal.ts';
import { factsOf, type Sources, writeBatch } from './write-batch.ts';

export interface MeasureOptions extends Sources, Pick<Manifest, 'tweedie'> {
  readonly folder: string;
  onProgress(done: number, total: number): void;
}

/**
 * Writes the problems of a plan as files: what its methods are given, bit by bit as the CPU measures it, the truths, and
 * a manifest. What is there already stays; a call that was ended goes on.
 * @throws UserError for a folder that holds something else
 */
export async function measure(
  plan: Plan,
  options: MeasureOptions,
): Promise<{ entries: readonly Entry[]; fresh: number }> {
  const problems = problemsOf(plan);
  if (problems.length === 0)
    throw new UserError(
      `${plan.name}: nothing to measure, since it has no method: its tasks have no baseline; name a solver`,
    );
  refuseSharedNames(problems.flatMap(({ items }) => items.map(({ id }) => id)));
  const folder = new MeasurementFolder(options.folder);
  refuseOthers(folder, problems);
  const total = problems.reduce((sum, { items }) => sum + items.length, 0);
  const all: Written[] = [];
  let fresh = 0;
  const device = await openDevice('cpu');
  try {
    for (const { batch, items } of problems) {
      const known = items.map((item) => folder.whole(problemKey(factsOf(batch, item))));
      if (known.every((one) => one !== null)) all.push(...known);
      else {
        const written = await writeBatch(batch, items, folder, options);
        for (const [i, one] of written.entries()) if (!known[i]) folder.note(one);
        fresh += known.filter((one) => one === null).length;
        all.push(...written);
      }
      options.onProgress(all.length, total);
    }
  } finally {
    await device.dispose();
  }
  folder.finish({ tweedie: options.tweedie, experiment: plan.name }, all);
  return { entries: all.map(({ entry }) => entry), fresh };
}

/** What is to be measured of a batch: the pictures that no batch before it has. */
interface Problems {
  readonly batch: Batch;
  readonly items: Batch['items'];
}

/** Each picture of each seed once a setting, whatever methods work on it. */
function problemsOf({ batches }: Plan): Problems[] {
  const known = new Set<string>();
  return batches.flatMap((batch) => {
    const items = batch.items.filter((item) => {
      const key = problemKey(factsOf(batch, item));
      return !known.has(key) && known.add(key);
    });
    return items.length > 0 ? [{ batch, items }] : [];
  });
}

function refuseOthers({ path, entries }: MeasurementFolder, problems: readonly Problems[]): void {
  const planned = new Set(
    problems.flatMap(({ batch, items }) => items.map((item) => problemKey(factsOf(batch, item)))),
  );
  const other = entries.find((entry) => !planned.has(problemKey(entry)));
  if (other)
    throw new UserError(
      `${path}: holds measurements that this experiment has not, ${other.name} for one; name another folder`,
    );
}

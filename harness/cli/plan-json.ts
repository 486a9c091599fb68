import { groupBy } from '../group-by.ts';
import { byMethod } from '../identity/batch-methods.ts';
import type { Batch } from '../identity/refs.ts';
import { type Plan, seedsOf } from '../plan/plan.ts';
import { jsonText } from '../text/json.ts';

const PER_PIECE = 1000;

/**
 * A plan and what is known of it as one JSON document, in pieces to be printed one below the other: that of a million cells
 * is longer than any string may be.
 */
export function* planJson(
  { batches, rows: _, ...plan }: Plan,
  known: Record<string, unknown>,
): Generator<string> {
  const head = jsonText({ ...plan, ...known, batches: sizesOf(batches) }, 2).slice(0, -2);
  if (batches.length === 0) yield `${head},\n  "groups": []\n}`;
  else yield `${head},\n  "groups": [`;
  for (let start = 0; start < batches.length; start += PER_PIECE) {
    const piece = jsonText(batches.slice(start, start + PER_PIECE).flatMap(asGroups), 2);
    const inner = piece.slice(2, -2).replace(/^/gm, '  ');
    yield start + PER_PIECE < batches.length ? `${inner},` : `${inner}\n  ]\n}`;
  }
}

/** How many batches there are, and how many of each size, the largest first. */
function sizesOf(batches: Plan['batches']) {
  const bySize = groupBy(batches, ({ items }) => String(items.length));
  const sizes = [...bySize].map(([cells, some]) => ({ cells: Number(cells), batches: some.length }));
  return { count: batches.length, sizes: sizes.sort((a, b) => b.cells - a.cells) };
}

/** A batch as programs that read plans know it (docs/versions.md): a group a method and seed; those of one batch have its key. */
function asGroups(batch: Batch) {
  return byMethod(batch).flatMap(ofEachSeed);
}

function ofEachSeed({ key, method, setting, rng, precision, items, passes }: Batch) {
  return seedsOf(items).map((seed) => ({
    groupKey: key,
    kind: method.kind,
    solver: method.name,
    solverVersion: method.version,
    solverPluginSha256: method.sourceSha256,
    params: method.params,
    task: setting.task,
    taskVersion: setting.version,
    taskParams: setting.params,
    prior: method.prior,
    data: setting.data,
    imageShape: setting.imageShape,
    seed,
    rng,
    precision,
    items: items.filter((item) => item.seed === seed),
    methodKey: method.key,
    settingKey: setting.key,
    passes,
  }));
}

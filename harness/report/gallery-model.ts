import canonicalize from 'canonicalize';
import type { ImageRow, MetricRow } from '../store/rows.ts';
import { readStored } from '../store/stored-file.ts';
import { type Column, columnKey } from './columns.ts';
import { groupBy } from './group-by.ts';
import { methodKey } from './methods.ts';
import type { ReportSource } from './source.ts';
import type { TableModel } from './table-model.ts';

/** A stored PNG and what its caption says. */
export interface Picture {
  readonly png: Buffer;
  /** Natural width in pixels. */
  readonly width: number;
  /** Values of the item's metrics, by the table's columns; null for truth and measurement. */
  readonly values: readonly (number | null)[] | null;
}

/** What a stored picture that cannot be shown has instead. */
export interface LostPicture {
  /** One line that names the file. */
  readonly problem: string;
}

/** Truth, measurement and every solver's image of some items of a task, at one seed. */
export interface GalleryModel {
  readonly columns: readonly {
    readonly label: string;
    readonly kind: ImageRow['kind'];
    readonly trivial: boolean;
  }[];
  readonly rows: readonly {
    readonly item: string;
    readonly pictures: readonly (Picture | LostPicture | null)[];
  }[];
  readonly seed: number;
  readonly totalItems: number;
  readonly metrics: readonly Column[];
}

/** At most this many items a task are shown ... */
const MAX_ITEMS = 8;
/** ... and no further one once this many bytes of PNG are reached, which keeps the file readable by a browser. */
const MAX_BYTES = 8 * 2 ** 20;

/** The first items of a task, in the order of the rows (never chosen by their result). Null where none is stored. */
export function buildGallery(table: TableModel, source: ReportSource): GalleryModel | null {
  const images = source.images.filter((image) => problemKey(image) === problemKey(table));
  if (images.length === 0) return null;
  const seed = images[0]!.seed;
  const byItem = groupBy(
    images.filter((image) => image.seed === seed),
    (image) => image.item,
  );
  const values = groupBy(
    source.rows.filter((row) => row.seed === seed && problemKey(row) === problemKey(table)),
    (row) => pictureKey(row.item, row.solver, row.params),
  );
  const rows: { item: string; pictures: (Picture | LostPicture | null)[] }[] = [];
  let bytes = 0;
  for (const [item, ofItem] of [...byItem].slice(0, MAX_ITEMS)) {
    if (bytes > MAX_BYTES) break;
    const restored = new Map(
      ofItem
        .filter(({ kind }) => kind === 'restored')
        .map((row) => [methodKey(row.solver!, row.params!), row]),
    );
    const pick = (image: ImageRow | undefined, metrics: readonly (number | null)[] | null) =>
      image ? readPicture(source.resultsDir, image, metrics) : null;
    const pictures = [
      pick(
        ofItem.find(({ kind }) => kind === 'truth'),
        null,
      ),
      pick(
        ofItem.find(({ kind }) => kind === 'measurement'),
        null,
      ),
      ...table.rows.map(({ method }) => {
        const scores = values.get(pictureKey(item, method.solver, method.params)) ?? [];
        return pick(
          restored.get(method.key),
          table.columns.map((column) => valueIn(scores, column)),
        );
      }),
    ];
    bytes += pictures.reduce((sum, picture) => sum + (isShown(picture) ? picture.png.length : 0), 0);
    rows.push({ item, pictures });
  }
  return {
    columns: [
      { label: 'Truth', kind: 'truth', trivial: false },
      { label: 'Measurement', kind: 'measurement', trivial: false },
      ...table.rows.map(({ method }) => ({
        label: method.label,
        kind: 'restored' as const,
        trivial: method.trivial,
      })),
    ],
    rows,
    seed,
    totalItems: byItem.size,
    metrics: table.columns,
  };
}

/** Image rows do not name their data set: an experiment has one. */
function problemKey({
  task,
  taskParams,
}: {
  task: string;
  taskParams: Readonly<Record<string, unknown>>;
}): string {
  return `${task} ${canonicalize(taskParams)}`;
}

function pictureKey(item: string, solver: string, params: MetricRow['params']): string {
  return `${item}\n${methodKey(solver, params)}`;
}

function valueIn(scores: readonly MetricRow[], column: Column): number | null {
  return scores.find((row) => columnKey(row) === columnKey(column))?.value ?? null;
}

export function isShown(picture: Picture | LostPicture | null): picture is Picture {
  return picture !== null && 'png' in picture;
}

/** One bad picture is no reason to have no report. A PNG's width stands in the header chunk, big-endian, at byte 16. */
function readPicture(dir: string, image: ImageRow, values: Picture['values']): Picture | LostPicture {
  try {
    const png = readStored(dir, image.path, image.sha256);
    return { png, width: png.readUInt32BE(16), values };
  } catch (error) {
    return { problem: (error as Error).message };
  }
}

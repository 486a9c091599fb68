import { groupBy } from '../group-by.ts';
import { descriptionOf } from '../pictures/png-text.ts';
import type { ImageRow, MetricRow, SettingRow } from '../store/rows.ts';
import { readStored } from '../store/stored-file.ts';
import { type Column, columnKey } from './columns.ts';
import { withKernel } from './kernel-picture.ts';
import type { ReportSource } from './source.ts';
import type { TableModel } from './table-model.ts';

/** A stored PNG and what its caption says. */
export interface Picture {
  readonly png: Buffer;
  /** Natural width in pixels. */
  readonly width: number;
  /** Key of the cell that it is the result of; null for truth and measurement. */
  readonly cell: string | null;
  /** Values of the item's metrics, by the table's columns; null for truth and measurement. */
  readonly values: readonly (number | null)[] | null;
  /** What it shows in words, where its file says that. */
  readonly words: string | null;
  /** The blur kernel that was found with it, or is the truth, where one is: a PNG, its largest value white. */
  readonly kernel: Buffer | null;
}

/** What stands in place of a picture that cannot be shown. */
export interface LostPicture {
  /** Key of its cell; null for truth and measurement. */
  readonly cell: string | null;
  /** In two words: `failed: nan`. */
  readonly instead: string;
  /** One line: of a stored picture the file, of a failed cell its message. */
  readonly problem: string;
}

/** Truth, measurement and every solver's image of some items of a task, at one seed. */
export interface GalleryModel {
  readonly columns: readonly {
    readonly label: string;
    readonly role: ImageRow['role'];
    readonly trivial: boolean;
  }[];
  readonly rows: readonly {
    readonly item: string;
    readonly pictures: readonly (Picture | LostPicture | null)[];
  }[];
  readonly seed: number;
  readonly totalItems: number;
  /** How many methods the table has; the first of them have a column. */
  readonly totalMethods: number;
  readonly metrics: readonly Column[];
}

const measured = [
  { label: 'Truth', role: 'truth' },
  { label: 'Measurement', role: 'given' },
] as const;
const changed = [
  { label: 'Source', role: 'given' },
  { label: 'Counterfactual', role: 'truth' },
] as const;

/** What is shown before the methods, by the kind of the task. */
const BEFORE: Readonly<
  Record<SettingRow['kind'], readonly { readonly label: string; readonly role: 'truth' | 'given' }[]>
> = {
  restore: measured,
  blind: measured,
  segment: [
    { label: 'Truth', role: 'truth' },
    { label: 'Picture', role: 'given' },
  ],
  invert: [{ label: 'Picture', role: 'truth' }],
  edit: changed,
  generate: [{ label: 'Real picture', role: 'truth' }],
  translate: changed,
};

/** At most this many items a task are shown ... */
export const SHOWN_ITEMS = 16;
/** ... of so many methods of a long sweep ... */
const SHOWN_METHODS = 32;
/** ... and no further item once this many bytes of PNG are reached, which keeps the file readable by a browser. */
const MAX_BYTES = 8 * 2 ** 20;

/** The first items of a task, in the order of the rows (never chosen by their result). Null where none is stored. */
export async function buildGallery(table: TableModel, source: ReportSource): Promise<GalleryModel | null> {
  const images = source.images.filter(({ setting }) => setting === table.key);
  if (images.length === 0) return null;
  const methods = table.rows.slice(0, SHOWN_METHODS).map(({ method }) => method);
  const { kind } = source.settings.find(({ key }) => key === table.key)!;
  const seed = images[0]!.seed;
  const byItem = groupBy(
    images.filter((image) => image.seed === seed),
    (image) => image.item,
  );
  const ofSetting = source.rows.filter(({ setting }) => setting === table.key);
  const values = groupBy(
    ofSetting.filter((row) => row.seed === seed),
    pictureKey,
  );
  const failures = new Map(
    source.failures
      .filter((failed) => failed.setting === table.key && failed.seed === seed)
      .map((failed) => [pictureKey(failed), failed]),
  );
  const rows: { item: string; pictures: (Picture | LostPicture | null)[] }[] = [];
  let bytes = 0;
  for (const [item, ofItem] of [...byItem].slice(0, SHOWN_ITEMS)) {
    if (bytes > MAX_BYTES) break;
    const pick = (role: ImageRow['role'], method: string | null, metrics: Picture['values']) => {
      const image = ofItem.find((row) => row.role === role && row.method === method);
      const failed = failures.get(pictureKey({ item, method: method ?? '' }));
      if (!image)
        return failed
          ? { cell: failed.cell, instead: `failed: ${failed.kind}`, problem: failed.message }
          : null;
      const picture = readPicture(source.resultsDir, image, metrics);
      return kind === 'blind' && isShown(picture) ? withKernel(picture, image, source.resultsDir) : picture;
    };
    const pictures = await Promise.all([
      ...BEFORE[kind].map(({ role }) => pick(role, null, null)),
      ...methods.map(({ key: method }) => {
        const scores = values.get(pictureKey({ item, method })) ?? [];
        return pick(
          'result',
          method,
          table.columns.map((column) => valueIn(scores, column)),
        );
      }),
    ]);
    bytes += pictures.reduce((sum, picture) => sum + (isShown(picture) ? picture.png.length : 0), 0);
    rows.push({ item, pictures });
  }
  return {
    columns: [
      ...BEFORE[kind].map((one) => ({ ...one, trivial: false })),
      ...methods.map(({ label, trivial }) => ({ label, role: 'result' as const, trivial })),
    ],
    rows,
    seed,
    totalItems: new Set(ofSetting.map(({ item }) => item)).size,
    totalMethods: table.rows.length,
    metrics: table.columns,
  };
}

function pictureKey({ item, method }: Pick<MetricRow, 'item' | 'method'>): string {
  return `${item}\n${method}`;
}

function valueIn(scores: readonly MetricRow[], column: Column): number | null {
  return scores.find((row) => columnKey(row) === columnKey(column))?.value ?? null;
}

export function isShown(picture: Picture | LostPicture | null): picture is Picture {
  return picture !== null && 'png' in picture;
}

/** One bad picture is no reason to have no report. A PNG's width stands in the header chunk, big-endian, at byte 16. */
function readPicture(dir: string, image: ImageRow, values: Picture['values']): Picture | LostPicture {
  const { cell } = image;
  try {
    const png = readStored(dir, image.path, image.sha256);
    return { cell, png, width: png.readUInt32BE(16), values, words: descriptionOf(png), kernel: null };
  } catch (error) {
    return { cell, instead: 'no picture', problem: (error as Error).message };
  }
}

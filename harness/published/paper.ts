import type { Family, PaperFile, TableFile } from './schema.ts';
import { UNKNOWN } from './schema.ts';

/** How a number was made, as far as any text says. */
export type Protocol = Readonly<Required<PaperFile['protocol']>>;

/** A paper, or another text, whose figures are known. */
export interface Paper {
  /** Name of its file without the ending. */
  readonly id: string;
  readonly title: string;
  /** As tables cite it. */
  readonly label: string;
  readonly arxiv: string;
  readonly venue: string;
  /** Whether its tables were read in the text itself; else somewhere that quotes them. */
  readonly firstHand: boolean;
  /** What of its tables could not be found. */
  readonly missing: string | null;
  readonly figures: readonly Figure[];
}

/** One published number. */
export interface Figure
  extends Readonly<
    Pick<
      TableFile,
      'table' | 'dataset' | 'datasetAsPrinted' | 'resolution' | 'task' | 'taskAsPrinted' | 'params'
    >
  > {
  readonly source: string;
  /** Where it degrades pictures in another way than the task of that name here. */
  readonly degradation: string | null;
  /** As printed. */
  readonly method: string;
  /** The solver here that this method is; null: there is none. */
  readonly solver: string | null;
  /** Network evaluations a picture. */
  readonly nfe: number | typeof UNKNOWN;
  /** Whether the method is the paper's own: others' numbers are its reruns of them, or quoted. */
  readonly own: boolean;
  /** As printed. */
  readonly metric: string;
  readonly family: Family | null;
  /** What our numbers are multiplied by to stand beside it: 100 where SSIM is printed so. */
  readonly scale: number;
  /** As printed. */
  readonly value: number;
  readonly protocol: Protocol;
  readonly note: string | null;
}

const NOTHING_KNOWN: Protocol = {
  pictures: UNKNOWN,
  noise: UNKNOWN,
  noiseScale: UNKNOWN,
  lpipsNet: UNKNOWN,
  fidReference: UNKNOWN,
  bestOf: UNKNOWN,
};

/** A paper's file, checked before, as its single figures. */
export function paperOf(id: string, file: PaperFile): Paper {
  const { paper, firstHand, missing = null } = file;
  return {
    id,
    ...paper,
    firstHand,
    missing,
    figures: file.tables.flatMap((table) => figuresOf(table, file)),
  };
}

function figuresOf(
  { metrics, figures, notes, protocol, ...table }: TableFile,
  { methods, metrics: kinds, protocol: usual, sources }: PaperFile,
): Figure[] {
  return Object.entries(figures).flatMap(([method, values]) =>
    values.flatMap((value, i): Figure[] => {
      if (value === null) return [];
      const metric = metrics[i]!;
      const { metric: family, scale } = kinds[metric]!;
      const own = notes.find((one) => one.method === method && one.metric === metric)?.note;
      return [
        {
          ...table,
          ...methods[method]!,
          source: table.source ?? sources[0]!,
          degradation: table.degradation ?? null,
          protocol: { ...NOTHING_KNOWN, ...usual, ...protocol },
          note: own ?? table.note ?? null,
          method,
          metric,
          family,
          scale,
          value,
        },
      ];
    }),
  );
}

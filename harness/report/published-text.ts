import { formatFixed, formatInterval, formatN, formatSigned } from './numbers.ts';
import type { OurNumber } from './published-join.ts';
import type { PublishedRow, PublishedTable } from './published-model.ts';

/** A table of published figures as plain text, which each output escapes. */
export interface PublishedText {
  readonly title: string;
  readonly rows: readonly PublishedLine[];
  /** What stands between the figures and ours, each once: `note` of a line counts them from 1. */
  readonly footnotes: readonly string[];
}

/** A published figure beside ours, cell by cell. */
export interface PublishedLine {
  readonly method: string;
  readonly metric: string;
  readonly published: string;
  readonly from: string;
  readonly ours: string;
  readonly gap: string;
  readonly note: string;
}

export const PUBLISHED = 'Published beside reproduced';

/** Over the cells of a line, in their order. */
export const PUBLISHED_HEAD: Readonly<Record<keyof PublishedLine, string>> = {
  method: 'Method',
  metric: 'Metric',
  published: 'Published',
  from: 'From',
  ours: 'Ours, 95 % interval',
  gap: 'Gap (ours − published)',
  note: 'Note',
};

/** The cells of a line, in the order of the head. */
export function cellsOf(line: PublishedLine): string[] {
  return (Object.keys(PUBLISHED_HEAD) as (keyof PublishedLine)[]).map((key) => line[key]);
}

/** One line a figure and row of ours. */
export function publishedText({ title, of, rows }: PublishedTable): PublishedText {
  const remarks = rows.map(remarkWithSource);
  const footnotes = [...new Set(remarks)];
  return {
    title: `${PUBLISHED}: ${title}`,
    rows: rows.map((row, i) => ({
      ...lineOf(row),
      ours: oursOf(row, of !== null),
      note: String(footnotes.indexOf(remarks[i]!) + 1),
    })),
    footnotes,
  };
}

function lineOf({ paper, figure, ours, gap }: PublishedRow): Omit<PublishedLine, 'ours' | 'note'> {
  return {
    method: figure.method,
    metric: figure.metric,
    published: String(figure.value),
    from: [paper.label, ...markOf(paper.firstHand, figure.own)].join(', '),
    gap:
      gap && ours
        ? `${formatSigned(gap.mean, ours.digits)} ${formatInterval(gap.low, gap.high, ours.digits, formatSigned)}`
        : '—',
  };
}

function oursOf({ figure, ours }: PublishedRow, isOfTask: boolean): string {
  if (ours) return ourText(ours, figure.method);
  return isOfTask ? 'not run here' : 'not compared';
}

/** How far a number is from those who made it. */
function markOf(firstHand: boolean, own: boolean): string[] {
  if (!firstHand) return ['second-hand'];
  return own ? [] : ["another's method"];
}

function ourText(
  { method, metric, digits, mean, low, high, cell, randomWeights }: OurNumber,
  printed: string,
) {
  const name = method.label === printed ? metric : `${method.label}, ${metric}`;
  const value = `${formatFixed(mean, digits)} ${formatInterval(low, high, digits)}`;
  const partial = cell.complete ? '' : '†';
  return `${name}: ${value} (N ${formatN(cell)}${partial})${randomWeights ? ', random weights' : ''}`;
}

function remarkWithSource({ figure, remark }: PublishedRow): string {
  const told = remark === '' ? 'nothing that is known differs' : remark;
  return `${told} (${figure.table}; ${figure.taskAsPrinted}; ${figure.source})`;
}

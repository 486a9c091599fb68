import Table from 'cli-table3';
import { MESSAGE, NAME, printable } from '../text/terminal.ts';
import { wrapped } from '../text/wrap.ts';
import { legendOf } from './legend.ts';
import { caveats } from './notes.ts';
import { type PrintedTable, printedTables, settingsOf } from './printed-table.ts';
import { buildPublished } from './published-model.ts';
import { cellsOf, PUBLISHED_HEAD, publishedText } from './published-text.ts';
import type { ReportSource } from './source.ts';
import { flatHead, type Notation, textTable } from './text-table.ts';

const text = (from: string) => printable(from, NAME);
const ansi: Notation = {
  text,
  best: (value) => `\u001b[1m${value}\u001b[22m`,
  second: (value) => `\u001b[4m${value}\u001b[24m`,
};
const plain: Notation = { text, best: (value) => `*${value}*`, second: (value) => `_${value}_` };

/** Where tables are printed: `styled` for a terminal that knows escape codes, `columns` its width. */
export interface Terminal {
  readonly styled: boolean;
  readonly columns: number;
}

/**
 * The comparison tables, paper style; without escape codes best and second-best are *marked* _so_. A table that is too
 * wide leaves its paired differences out; notes are broken at spaces.
 */
export function terminalTable(source: ReportSource, { styled, columns }: Terminal): string {
  const notation = styled ? ansi : plain;
  const models = printedTables(source);
  const whole = models.map((model) => draw(model, notation, true));
  const fits = whole.map(({ width }) => width <= columns);
  const tables = models.map((model, i) => (fits[i] ? whole[i]! : draw(model, notation, false)).text);
  const legend = styled ? 'best bold, second-best underlined' : '*best*, _second-best_';
  return [
    ...tables,
    ...publishedTables(source, notation, columns),
    ...[`${legend}; ${legendOf(models, fits.includes(true))}`, ...caveats(source, settingsOf(models))].map(
      (note) => wrapped(printable(note, MESSAGE), columns),
    ),
  ].join('\n\n');
}

function draw(model: PrintedTable, notation: Notation, differences: boolean): Drawn {
  const table = textTable(model, notation, differences);
  const head = flatHead(table);
  const empty = new Array<string>(head.length - 1).fill('');
  const rows = table.sections.flatMap(({ title, rows }) => [
    ...(title === null ? [] : [[title, ...empty]]),
    ...rows,
  ]);
  const aligned = head.map((_, i): Alignment => (i === 0 ? 'left' : 'right'));
  const { text, width } = drawn(table.title, head, rows, aligned, notation);
  return { text: [text, ...table.footnotes].join('\n'), width };
}

interface Drawn {
  readonly text: string;
  readonly width: number;
}

type Alignment = 'left' | 'right';

function drawn(
  title: string,
  head: readonly string[],
  rows: readonly (readonly string[])[],
  colAligns: Alignment[],
  notation: Notation,
): Drawn {
  const table = new Table({
    head: [...head],
    colAligns,
    style: { head: [], border: [], 'padding-left': 1, 'padding-right': 1 },
    chars: booktabs,
  });
  table.push(...rows.map((cells) => [...cells]));
  const [top, headLine, ...rest] = table.toString().split('\n');
  // A thin rule under the head alone: cli-table3 has rules between all rows or none.
  const lines = [
    notation === ansi ? ansi.best(title) : title,
    top,
    headLine,
    top!.replaceAll('━', '─'),
    ...rest,
  ];
  return { text: lines.join('\n'), width: top!.length };
}

/** The published figures with their footnotes, and what must be known of them. */
function publishedTables(source: ReportSource, notation: Notation, columns: number): string[] {
  const { tables, notes } = buildPublished(source);
  const blocks = tables.map((table) => {
    const { title, rows, footnotes } = publishedText(table);
    const head = Object.values(PUBLISHED_HEAD);
    const lines = rows.map((row) => cellsOf(row).map(text));
    const { text: body } = drawn(
      text(title),
      head,
      lines,
      head.map(() => 'left'),
      notation,
    );
    const below = footnotes.map((note, i) => wrapped(`${i + 1}: ${printable(note, MESSAGE)}`, columns));
    return [body, ...below].join('\n');
  });
  return [...blocks, ...notes.map((note) => wrapped(`${printable(note, MESSAGE)}.`, columns))];
}

const none = '';
const booktabs = {
  top: '━',
  'top-mid': '━',
  'top-left': none,
  'top-right': none,
  bottom: '━',
  'bottom-mid': '━',
  'bottom-left': none,
  'bottom-right': none,
  mid: none,
  'mid-mid': none,
  'left-mid': none,
  'right-mid': none,
  left: none,
  right: none,
  middle: ' ',
};

import Table from 'cli-table3';
import { MESSAGE, NAME, printable } from '../text/terminal.ts';
import { wrapped } from '../text/wrap.ts';
import { type PrintedTable, printedTables } from './printed-table.ts';
import type { ReportSource } from './source.ts';
import { caveats, flatHead, legendOf, type Notation, settingsOf, textTable } from './text-table.ts';

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
    ...[`${legend}; ${legendOf(models, fits.includes(true))}`, ...caveats(source, settingsOf(models))].map(
      (note) => wrapped(printable(note, MESSAGE), columns),
    ),
  ].join('\n\n');
}

function draw(
  model: PrintedTable,
  notation: Notation,
  differences: boolean,
): { text: string; width: number } {
  const drawn = textTable(model, notation, differences);
  const head = flatHead(drawn);
  const empty = new Array<string>(head.length - 1).fill('');
  const table = new Table({
    head: [...head],
    colAligns: head.map((_, i) => (i === 0 ? 'left' : 'right')),
    style: { head: [], border: [], 'padding-left': 1, 'padding-right': 1 },
    chars: booktabs,
  });
  for (const { title, rows } of drawn.sections)
    table.push(...(title === null ? [] : [[title, ...empty]]), ...rows.map((cells) => [...cells]));
  const [top, headLine, ...rest] = table.toString().split('\n');
  // A thin rule under the head alone: cli-table3 has rules between all rows or none.
  const lines = [
    notation === ansi ? ansi.best(drawn.title) : drawn.title,
    top,
    headLine,
    top!.replaceAll('━', '─'),
    ...rest,
    ...drawn.footnotes,
  ];
  return { text: lines.join('\n'), width: top!.length };
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

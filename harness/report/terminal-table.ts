import Table from 'cli-table3';
import type { ReportSource } from './source.ts';
import { buildTables, type TableModel } from './table-model.ts';
import { caveats, type Marks, NOTE, textTable } from './text-table.ts';

const ansi: Marks = {
  best: (text) => `\u001b[1m${text}\u001b[22m`,
  second: (text) => `\u001b[4m${text}\u001b[24m`,
};
const plain: Marks = { best: (text) => `*${text}*`, second: (text) => `_${text}_` };

/** Where tables are printed: `styled` for a terminal that knows escape codes, `columns` its width. */
export interface Terminal {
  readonly styled: boolean;
  readonly columns: number;
}

/**
 * The comparison tables, paper style; without escape codes best and second-best are *marked* _so_. A table that is too
 * wide leaves its paired differences out.
 */
export function terminalTable(source: ReportSource, { styled, columns }: Terminal): string {
  const marks = styled ? ansi : plain;
  const tables = buildTables(source).map((model) => {
    const full = draw(model, marks, true);
    return full.width <= columns ? full.text : draw(model, marks, false).text;
  });
  const legend = styled ? 'best bold, second-best underlined' : '*best*, _second-best_';
  return [...tables, `${legend}; ${NOTE}`, ...caveats(source)].join('\n\n');
}

function draw(model: TableModel, marks: Marks, differences: boolean): { text: string; width: number } {
  const { title, head, rows } = textTable(model, marks, differences);
  const table = new Table({
    head: head.map(printable),
    colAligns: head.map((_, i) => (i === 0 ? 'left' : 'right')),
    style: { head: [], border: [], 'padding-left': 1, 'padding-right': 1 },
    chars: booktabs,
  });
  table.push(...rows.map(([name, ...cells]) => [printable(name!), ...cells]));
  const [top, headLine, ...rest] = table.toString().split('\n');
  // A thin rule under the head alone: cli-table3 has rules between all rows or none.
  const lines = [
    marks === ansi ? ansi.best(printable(title)) : printable(title),
    top,
    headLine,
    top!.replaceAll('━', '─'),
    ...rest,
  ];
  return { text: lines.join('\n'), width: top!.length };
}

/** Names come from files: one with escape codes must not steer the terminal. */
function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, '\u{fffd}');
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

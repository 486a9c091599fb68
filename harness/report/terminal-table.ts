import Table from 'cli-table3';
import { buildTables, type TableSource } from './table-model.ts';
import { type Marks, NOTE, textTable } from './text-table.ts';

const ansi: Marks = {
  best: (text) => `\u001b[1m${text}\u001b[22m`,
  second: (text) => `\u001b[4m${text}\u001b[24m`,
};
const plain: Marks = { best: (text) => `*${text}*`, second: (text) => `_${text}_` };

/** The comparison tables for a terminal, paper style; without `styled` best and second-best are *marked* _so_. */
export function terminalTable(source: TableSource, styled: boolean): string {
  const tables = buildTables(source).map((model) => {
    const { title, head, rows } = textTable(model, styled ? ansi : plain);
    const table = new Table({
      head: [...head],
      colAligns: head.map((_, i) => (i === 0 ? 'left' : 'right')),
      style: { head: [], border: [], 'padding-left': 1, 'padding-right': 1 },
      chars: booktabs,
    });
    table.push(...rows.map((row) => [...row]));
    return `${styled ? ansi.best(title) : title}\n${withHeadRule(table.toString())}`;
  });
  const legend = styled ? 'best bold, second-best underlined' : '*best*, _second-best_';
  return [...tables, `${legend}; ${NOTE}`].join('\n\n');
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

/** A thin rule under the head alone: cli-table3 has rules between all rows or none. */
function withHeadRule(text: string): string {
  const [top, head, ...rest] = text.split('\n');
  return [top, head, top!.replaceAll('━', '─'), ...rest].join('\n');
}

import { latexText } from '../text/latex.ts';
import { legendOf } from './legend.ts';
import { caveats } from './notes.ts';
import { type PrintedTable, printedTables, settingsOf } from './printed-table.ts';
import { buildPublished } from './published-model.ts';
import { cellsOf, PUBLISHED_HEAD, publishedText } from './published-text.ts';
import type { ReportSource } from './source.ts';
import { type Notation, type TextTable, textTable } from './text-table.ts';

const latex: Notation = {
  text: latexText,
  best: (text) => `\\textbf{${text}}`,
  second: (text) => `\\underline{${text}}`,
};

/** The tables as LaTeX; needs the package booktabs and, of several settings side by side, multirow. */
export function latexTables(source: ReportSource): string {
  const printed = printedTables(source);
  const isWide = printed.some(({ blocks }) => blocks.length > 1);
  const tables = printed.map((table) => latexTable(table, source));
  return `% \\usepackage{booktabs${isWide ? ',multirow' : ''}}\n${[...tables, ...publishedLatex(source)].join('\n\n')}\n`;
}

function latexTable(printed: PrintedTable, source: ReportSource): string {
  const table = textTable(printed, latex);
  const { title, head, sections, footnotes } = table;
  const notes = [legendOf([printed]), ...caveats(source, settingsOf([printed]))].map(latexText);
  const star = printed.blocks.length > 1 ? '*' : '';
  return [
    `\\begin{table${star}}`,
    '  \\centering',
    `  \\caption{${title}. Best bold, second-best underlined; ${notes.join('; ')}.}`,
    `  \\begin{tabular}{l${'r'.repeat(head.length - 1)}}`,
    '    \\toprule',
    ...headLines(table),
    ...sections.flatMap(({ title, rows }) => [
      '    \\midrule',
      ...(title === null ? [] : [line([`\\multicolumn{${head.length}}{l}{\\textit{${title}}}`])]),
      ...rows.map(line),
    ]),
    '    \\bottomrule',
    '  \\end{tabular}',
    ...footnotes.map((note) => `\n  \\footnotesize ${note}`),
    `\\end{table${star}}`,
  ].join('\n');
}

function line(cells: readonly string[]): string {
  return `    ${cells.join(' & ')} \\\\`;
}

/** Levels of headings over the names of the columns, each over a rule of its own; what names a row is as high as all. */
function headLines({ named, above, head }: TextTable): string[] {
  if (above.length === 0) return [line(head)];
  const gaps = new Array<string>(named).fill('');
  const names = head.slice(0, named).map((name) => `\\multirow{${above.length + 1}}{*}{${name}}`);
  const levels = above.flatMap((level, i) => {
    let next = named + 1;
    const rules = level.map(({ span }) => {
      const first = next;
      next += span;
      return `\\cmidrule(lr){${first}-${next - 1}}`;
    });
    const cells = level.map(({ text, span }) => `\\multicolumn{${span}}{c}{${text}}`);
    return [line([...(i === 0 ? names : gaps), ...cells]), `    ${rules.join(' ')}`];
  });
  return [...levels, line([...gaps, ...head.slice(named)])];
}

/** A table of one figure a line, its footnotes and what must be known of it below. */
function publishedLatex(source: ReportSource): string[] {
  const { tables, notes } = buildPublished(source);
  const line = (cells: readonly string[]) => `    ${cells.map(latexText).join(' & ')} \\\\`;
  const drawn = tables.map((table) => {
    const { title, rows, footnotes } = publishedText(table);
    const head = Object.values(PUBLISHED_HEAD);
    return [
      '\\begin{table}',
      '  \\centering',
      `  \\caption{${latexText(title)}}`,
      `  \\begin{tabular}{${'l'.repeat(head.length)}}`,
      '    \\toprule',
      line(head),
      '    \\midrule',
      ...rows.map((row) => line(cellsOf(row))),
      '    \\bottomrule',
      '  \\end{tabular}',
      ...footnotes.map((text, i) => `  \\par ${i + 1}: ${latexText(text)}`),
      '\\end{table}',
    ].join('\n');
  });
  // A comment: text between tables would be a paragraph of the paper.
  return notes.length === 0 ? drawn : [...drawn, notes.map((note) => `% ${latexText(note)}.`).join('\n')];
}

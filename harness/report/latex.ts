import { latexText } from '../text/latex.ts';
import { buildPublished } from './published-model.ts';
import { cellsOf, PUBLISHED_HEAD, publishedText } from './published-text.ts';
import type { ReportSource } from './source.ts';
import { buildTables } from './table-model.ts';
import { caveats, legendOf, type Notation, textTable } from './text-table.ts';

const latex: Notation = {
  text: latexText,
  best: (text) => `\\textbf{${text}}`,
  second: (text) => `\\underline{${text}}`,
};

/** The comparison tables as LaTeX; needs the package booktabs. */
export function latexTables(source: ReportSource): string {
  const tables = buildTables(source).map((model) => {
    const { title, head, rows } = textTable(model, latex);
    const line = (cells: readonly string[]) => `    ${cells.join(' & ')} \\\\`;
    return [
      '\\begin{table}',
      '  \\centering',
      `  \\caption{${title}. Best bold, second-best underlined; ${latexText([legendOf([model]), ...caveats(source)].join('; '))}.}`,
      `  \\begin{tabular}{l${'r'.repeat(head.length - 1)}}`,
      '    \\toprule',
      line(head),
      '    \\midrule',
      ...rows.map(line),
      '    \\bottomrule',
      '  \\end{tabular}',
      '\\end{table}',
    ].join('\n');
  });
  return `% \\usepackage{booktabs}\n${[...tables, ...publishedLatex(source)].join('\n\n')}\n`;
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
  return notes.length === 0 ? drawn : [...drawn, notes.map((note) => `${latexText(note)}.`).join('\n\n')];
}

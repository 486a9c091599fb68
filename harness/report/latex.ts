import { latexText } from '../text/latex.ts';
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
  return `% \\usepackage{booktabs}\n${tables.join('\n\n')}\n`;
}

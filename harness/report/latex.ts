import type { ReportSource } from './source.ts';
import { buildTables } from './table-model.ts';
import { caveats, type Marks, NOTE, textTable } from './text-table.ts';

const marks: Marks = { best: (text) => `\\textbf{${text}}`, second: (text) => `\\underline{${text}}` };

/** The comparison tables as LaTeX; needs the package booktabs. */
export function latexTables(source: ReportSource): string {
  const tables = buildTables(source).map((model) => {
    const { title, head, rows } = textTable(model, marks);
    const line = (cells: readonly string[]) => `    ${cells.join(' & ')} \\\\`;
    return [
      '\\begin{table}',
      '  \\centering',
      `  \\caption{${escapeLatex(title)}. Best bold, second-best underlined; ${escapeLatex([NOTE, ...caveats(source)].join('; '))}.}`,
      `  \\begin{tabular}{l${'r'.repeat(head.length - 1)}}`,
      '    \\toprule',
      line(head.map(escapeLatex)),
      '    \\midrule',
      // The cells' marks are LaTeX already; only names can hold special characters.
      ...rows.map(([name, ...cells]) => line([escapeLatex(name!), ...cells.map(symbols)])),
      '    \\bottomrule',
      '  \\end{tabular}',
      '\\end{table}',
    ].join('\n');
  });
  return `% \\usepackage{booktabs}\n${tables.join('\n\n')}\n`;
}

const SPECIAL: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
};

function escapeLatex(text: string): string {
  return symbols(text.replace(/[\\~^&%$#_{}]/g, (char) => SPECIAL[char] ?? `\\${char}`));
}

const SYMBOLS: Readonly<Record<string, string>> = {
  '↑': '$\\uparrow$',
  '↓': '$\\downarrow$',
  '±': '$\\pm$',
  '×': '$\\times$',
  '−': '$-$',
  Δ: '$\\Delta$',
  '∞': '$\\infty$',
  '†': '$^\\dagger$',
  '—': '---',
  '<': '$<$',
  '>': '$>$',
};

function symbols(text: string): string {
  return text.replace(/[↑↓±×−Δ∞†—<>]/g, (char) => SYMBOLS[char]!);
}

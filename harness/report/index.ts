import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type OutputKind, requireReplaceable, writeOutput } from '../output-file.ts';
import type { ReportSource } from './source.ts';
import { terminalTable as renderTerminal, type Terminal } from './terminal-table.ts';

/** How a report can be written, by name of the format and with its file extension. What writes it is loaded when it is asked to. */
export const formats = {
  html: {
    extension: 'html',
    render: async (source, cellsAt) => (await import('./html/page.ts')).renderPage(source, cellsAt),
    output: { name: 'an HTML report', begins: /^<!doctype html>[\s\S]*Tweedie report<\/title>/ },
  },
  latex: {
    extension: 'tex',
    render: async (source) => (await import('./latex.ts')).latexTables(source),
    output: { name: 'a LaTeX report', begins: /^% \\usepackage\{booktabs(,multirow)?\}\n/ },
  },
  csv: {
    extension: 'csv',
    render: async (source) => (await import('./csv.ts')).csvTables(source),
    output: { name: 'a CSV report', begins: /^task,task_params,dataset,method,/ },
  },
  json: {
    extension: 'json',
    render: async (source) => (await import('./json.ts')).jsonTables(source),
    output: { name: 'a JSON report', begins: /^\{\n {2}"experiment": / },
  },
  parquet: {
    extension: 'parquet',
    render: async (source) => (await import('./parquet.ts')).parquetTables(source),
    output: { name: 'a Parquet file', begins: /^PAR1/ },
  },
  markdown: {
    extension: 'md',
    render: async (source) => (await import('./markdown.ts')).markdownTables(source),
    output: { name: 'a Markdown report', begins: /^### .+\n\n\| Method \|/ },
  },
} as const satisfies Record<
  string,
  {
    extension: string;
    output: OutputKind;
    render(source: ReportSource, cellsAt: string | null): Promise<string | Uint8Array>;
  }
>;

export type ReportFormat = keyof typeof formats;

/**
 * Writes the report to the file `out`, whose folder is made; gives its absolute path. In HTML it leads to the pages of cells that
 * `cellsAt` has (cell-files.ts).
 * @throws UserError where something other than an earlier report of the format would be replaced
 */
export async function writeReport(
  source: ReportSource,
  { out, format = 'html', cellsAt = null }: { out: string; format?: ReportFormat; cellsAt?: string | null },
): Promise<{ path: string }> {
  const { render, output } = formats[format];
  const file = path.resolve(out);
  requireReplaceable(file, output);
  const text = await render(source, cellsAt);
  await writeOutput(file, output, (temporary) => writeFile(temporary, text));
  return { path: file };
}

/** The comparison tables, fit for `terminal`: by default this process's output, plain where that is no terminal. */
export function terminalTable(source: ReportSource, terminal: Terminal = outputTerminal()): string {
  return renderTerminal(source, terminal);
}

/** This process's output; without end where it is no terminal. */
export function outputTerminal(): Terminal {
  const { isTTY, columns } = process.stdout;
  return isTTY ? { styled: true, columns } : { styled: false, columns: Number.POSITIVE_INFINITY };
}

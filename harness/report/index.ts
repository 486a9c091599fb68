import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { csvTables } from './csv.ts';
import { renderPage } from './html/page.ts';
import { latexTables } from './latex.ts';
import { markdownTables } from './markdown.ts';
import type { ReportSource } from './source.ts';
import { terminalTable as renderTerminal, type Terminal } from './terminal-table.ts';

/** How a report can be written, by name of the format and with its file extension. */
export const formats = {
  html: { extension: 'html', render: renderPage },
  latex: { extension: 'tex', render: latexTables },
  csv: { extension: 'csv', render: csvTables },
  markdown: { extension: 'md', render: markdownTables },
} as const satisfies Record<
  string,
  { extension: string; render(source: ReportSource): string | Promise<string> }
>;

export type ReportFormat = keyof typeof formats;

/** Writes the report to the file `out`, whose folder is made; gives its absolute path. */
export async function writeReport(
  source: ReportSource,
  { out, format = 'html' }: { out: string; format?: ReportFormat },
): Promise<{ path: string }> {
  const text = await formats[format].render(source);
  const file = path.resolve(out);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, text);
  return { path: file };
}

/** The comparison tables, fit for `terminal`: by default this process's output, plain where that is no terminal. */
export function terminalTable(source: ReportSource, terminal: Terminal = outputTerminal()): string {
  return renderTerminal(source, terminal);
}

function outputTerminal(): Terminal {
  const { isTTY, columns } = process.stdout;
  return isTTY ? { styled: true, columns } : { styled: false, columns: Number.POSITIVE_INFINITY };
}

import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type OutputKind, writeOutput } from '../../output-file.ts';
import type { ReportSource } from '../source.ts';
import { buildTables } from '../table-model.ts';
import { tableTitle } from '../titles.ts';
import { buildCharts } from './build.ts';
import { chartContext } from './context.ts';
import { drawVectors } from './draw.ts';
import { dataCsv } from './figure-data.ts';
import { fileName } from './file-name.ts';
import { layOut } from './layout.ts';
import { looksOf } from './looks.ts';
import { missingChart } from './missing.ts';

const OUTPUTS = {
  svg: { name: 'an SVG picture', begins: /^(<\?xml[^>]*>\s*)?<svg/ },
  pdf: { name: 'a PDF file', begins: /^%PDF/ },
  csv: { name: "a chart's numbers", begins: /^(series|picture|method),/ },
} as const satisfies Record<string, OutputKind>;

/** What was written of a report's charts, and what could not be. */
export interface WrittenCharts {
  /** Absolute paths. */
  readonly files: readonly string[];
  /** A line each, with the table that lacks its numbers. */
  readonly missing: readonly string[];
}

/**
 * Writes every chart of a report for papers: `NN-task-kind-title.svg`, `.pdf` and `.csv` in the folder `dir`, which is
 * made.
 * @throws UserError where something other than an earlier file of the kind would be replaced
 */
export async function writeCharts(source: ReportSource, dir: string): Promise<WrittenCharts> {
  const folder = path.resolve(dir);
  await mkdir(folder, { recursive: true });
  const tables = buildTables(source);
  const looks = looksOf(tables);
  const drawn = tables.map((table) => ({
    table,
    ...buildCharts(chartContext(table, source, looks), source.charts),
  }));
  const figures = drawn.flatMap(({ table, figures }) =>
    figures.map((figure) => ({ task: table.task, figure })),
  );
  const written: string[] = [];
  for (const [i, { task, figure }] of figures.entries()) {
    const name = `${String(i + 1).padStart(2, '0')}-${task}-${fileName(figure)}`;
    const contents = { ...drawVectors(layOut(figure)), csv: dataCsv(figure) };
    for (const kind of ['svg', 'pdf', 'csv'] as const) {
      const file = path.join(folder, `${name}.${kind}`);
      await writeOutput(file, OUTPUTS[kind], (temporary) => writeFile(temporary, contents[kind]));
      written.push(file);
    }
  }
  const missing = drawn.flatMap(({ table, missing }) =>
    missing.map((ref) => `${tableTitle(table)}: not drawn: ${missingChart(ref)}`),
  );
  return { files: written, missing };
}

import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { writeOutput } from '../output-file.ts';
import { cellRows } from '../store/cell-rows.ts';
import { readNamed } from '../store/methods.ts';
import type { Store } from '../store/store.ts';
import { cellFacts } from './cell-facts.ts';
import { cellPage } from './html/cell-page.ts';
import { formats } from './index.ts';

/**
 * Writes the page of every cell of an experiment as `KEY.html` in the folder `dir`, which is made; gives how many.
 * @throws UserError where something other than an earlier page would be replaced
 */
export async function writeCellPages(store: Store, experiment: string, dir: string): Promise<number> {
  const folder = path.resolve(dir);
  await mkdir(folder, { recursive: true });
  const named = readNamed(store);
  let pages = 0;
  for (const { cell } of cellRows(store, experiment)) {
    const page = cellPage(store, cell, named, cellFacts(store, cell, named));
    const file = path.join(folder, `${cell.key}.html`);
    await writeOutput(file, formats.html.output, (temporary) => writeFile(temporary, page));
    pages++;
  }
  return pages;
}

/** The address of pages in `dir` as the report `file` has it, with `*` for a cell's key. */
export function cellsAddress(file: string, dir: string): string {
  const steps = path.relative(path.dirname(path.resolve(file)), path.resolve(dir)).split(path.sep);
  const encoded = steps.map((step) => encodeURIComponent(step).replaceAll('*', '%2A'));
  return [...encoded.filter((step) => step !== ''), '*.html'].join('/');
}

import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { tracePath } from '../store/trace-file.ts';
import type { StoredCopies } from './stored-copy.ts';

/** Copies what a solver has said of its steps for a cell; the file itself last, so that it never stands without its pictures. */
export function copyTrace(copies: StoredCopies, from: string, cell: string): void {
  const file = tracePath(cell);
  if (!existsSync(join(from, file))) return;
  const folder = dirname(file);
  for (const name of readdirSync(join(from, folder)))
    if (name.startsWith(`${cell}-`) && name.endsWith('.png')) copies.plain(join(folder, name));
  copies.plain(join(folder, basename(file)));
}

import { resolve } from 'node:path';
import { type Located, nodeAt } from './located.ts';
import { pathBeside } from './text.ts';

/** A path that stands under a key of a mapping, absolute: it is relative to the file that it stands in. */
export function pathIn(node: Located, key: string, path: string): string {
  return resolve(pathBeside(nodeAt(node, [key]).where, path));
}

import { writeFileAside } from '../../write-file.ts';
import { endFile, leaseFile } from './layout.ts';
import { readJson } from './shared-files.ts';

/**
 * One life of an element: Slurm may start a slice's element again (a lost node, a pre-emption), and the driver may submit
 * the slice again in a later array.
 */
export interface Life {
  readonly slice: number;
  /** Number of the array in its submission. */
  readonly array: number;
  /** How often Slurm has started the element again. */
  readonly restart: number;
}

/** Whether `a` began after `b`, of the same slice. */
export function isLater(a: Life, b: Life): boolean {
  return a.array === b.array ? a.restart > b.restart : a.array > b.array;
}

/**
 * The latest life has the slice; an earlier one that still runs (on a node that Slurm has lost) ends when it sees that. No
 * lock of one node is seen on another, so two may work side by side for a while: that costs time and nothing else, because
 * both find the same results, each writes a part file of its own, and the driver keeps one result a cell's key.
 * @returns false where a later life has it, or nobody any more
 */
export function takeSlice(dir: string, life: Life): boolean {
  if (isOver(dir)) return false;
  const file = leaseFile(dir, life.slice);
  const holder = readJson<Life>(file);
  if (holder && isLater(holder, life)) return false;
  writeFileAside(file, JSON.stringify(life));
  return true;
}

/** Whether no later life has taken the slice, and the submission goes on. */
export function hasSlice(dir: string, life: Life): boolean {
  const holder = readJson<Life>(leaseFile(dir, life.slice));
  return !isOver(dir) && (holder === null || !isLater(holder, life));
}

/** An array whose number nobody has heard, because the driver was killed at that moment, cannot be cancelled. */
function isOver(dir: string): boolean {
  return readJson(endFile(dir)) !== null;
}

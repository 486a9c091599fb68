import { createHash } from 'node:crypto';
import { type Dataset, type Size, SPLIT_NAMES, type Split } from './dataset.ts';

/** A split with at most this many pictures is listed picture by picture; of a longer one only its beginning is hashed. */
const LISTED = 1000;

interface SplitManifest {
  readonly count: number;
  /** sha256 over the listed pictures' sha256 (hexadecimal, in order) and captions, each followed by a line feed. */
  readonly sha256: string;
  /** How many pictures that covers, from the first. */
  readonly covers: number;
  /** sha256 of the 8-bit RGB pixels of each picture, in order; only where the whole split is covered. */
  readonly pictures?: Readonly<Record<string, string>>;
}

/** What a data set contains, so that anyone can check that theirs is the same. */
export interface Manifest extends Size {
  readonly name: string;
  readonly splits: Readonly<Partial<Record<Split, SplitManifest>>>;
}

export async function manifestOf(dataset: Dataset, size: Size): Promise<Manifest> {
  const splits: Partial<Record<Split, SplitManifest>> = {};
  for (const split of SPLIT_NAMES) {
    const ids = await dataset.ids(split);
    if (ids.length > 0) splits[split] = await manifestOfSplit(dataset, ids, size);
  }
  return { name: dataset.name, height: size.height, width: size.width, splits };
}

async function manifestOfSplit(dataset: Dataset, ids: readonly string[], size: Size): Promise<SplitManifest> {
  const covered = ids.slice(0, LISTED);
  const all = createHash('sha256');
  const pictures: Record<string, string> = {};
  for (const id of covered) {
    const { sha256, caption } = await dataset.item(id, size);
    all.update(`${sha256}\n${caption ?? ''}\n`);
    pictures[id] = sha256;
  }
  const summary = { count: ids.length, sha256: all.digest('hex'), covers: covered.length };
  return covered.length === ids.length ? { ...summary, pictures } : summary;
}

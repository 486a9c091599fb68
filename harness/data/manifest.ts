import { createHash } from 'node:crypto';
import type { PictureSize } from '../pictures/image8.ts';
import { type Dataset, SPLIT_NAMES, type Split } from './dataset.ts';

/** Pictures are hashed in blocks, so that a part of a long split can be checked. */
const BLOCK = 1000;
/** A split with more pictures than this is not listed picture by picture. */
const LISTED = 1000;

interface SplitManifest {
  readonly count: number;
  /** A sha256 for each 1000 pictures: over `<sha256 of the pixels, hexadecimal>\n<caption>\n` of each, in order. */
  readonly blocks: readonly string[];
  /** sha256 of the 8-bit RGB pixels of each picture by id, in order. */
  readonly pictures?: Readonly<Record<string, string>>;
}

/** What a data set contains, so that anyone can check that theirs is the same. */
export interface Manifest extends PictureSize {
  readonly name: string;
  readonly splits: Readonly<Partial<Record<Split, SplitManifest>>>;
}

export async function manifestOf(dataset: Dataset, size: PictureSize): Promise<Manifest> {
  const splits: Partial<Record<Split, SplitManifest>> = {};
  for (const split of SPLIT_NAMES) {
    const ids = await dataset.ids(split);
    if (ids.length > 0) splits[split] = await manifestOfSplit(dataset, ids, size);
  }
  return { name: dataset.name, height: size.height, width: size.width, splits };
}

async function manifestOfSplit(
  dataset: Dataset,
  ids: readonly string[],
  size: PictureSize,
): Promise<SplitManifest> {
  const blocks: string[] = [];
  const pictures: Record<string, string> = {};
  for (let start = 0; start < ids.length; start += BLOCK) {
    const block = createHash('sha256');
    for (const id of ids.slice(start, start + BLOCK)) {
      const { sha256, caption } = await dataset.item(id, size);
      block.update(`${sha256}\n${caption ?? ''}\n`);
      pictures[id] = sha256;
    }
    blocks.push(block.digest('hex'));
  }
  return ids.length > LISTED ? { count: ids.length, blocks } : { count: ids.length, blocks, pictures };
}

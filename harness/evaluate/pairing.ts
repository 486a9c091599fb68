import { closest } from 'fastest-levenshtein';
import { UserError } from '../errors.ts';
import { type PictureFolder, stemOf } from './pictures.ts';

/** A generated picture and its truth, by file name. */
export interface Pair {
  /** The name they share, without extension. */
  readonly name: string;
  readonly generated: string;
  readonly reference: string;
}

/** At most so many names are listed in a message. */
const LISTED = 3;

/**
 * Pairs the pictures of two folders by name, whatever their extensions.
 * @throws UserError where a name stands twice in a folder, or in one folder only
 */
export function pairByName(generated: PictureFolder, reference: PictureFolder): Pair[] {
  const [ours, theirs] = [byStem(generated), byStem(reference)];
  refuseMissing([...ours.keys()], theirs, reference);
  refuseMissing([...theirs.keys()], ours, generated);
  return [...ours].map(([name, file]) => ({ name, generated: file, reference: theirs.get(name)! }));
}

function byStem({ path, files }: PictureFolder): Map<string, string> {
  const stems = new Map<string, string>();
  for (const file of files) {
    const other = stems.get(stemOf(file));
    if (other !== undefined) {
      throw new UserError(
        `${path}: two pictures are named "${stemOf(file)}" (${other}, ${file}); expected one`,
      );
    }
    stems.set(stemOf(file), file);
  }
  return stems;
}

function refuseMissing(
  wanted: readonly string[],
  there: ReadonlyMap<string, string>,
  { path }: PictureFolder,
): void {
  const missing = wanted.filter((name) => !there.has(name));
  const [first] = missing;
  if (first === undefined) return;
  const listed = missing.slice(0, LISTED).map((name) => `"${name}"`);
  const more = missing.length > LISTED ? ` and ${missing.length - LISTED} more` : '';
  throw new UserError(
    `${path} lacks ${missing.length} of ${wanted.length} pictures: ${listed.join(', ')}${more}; ` +
      `the name nearest to "${first}" is "${closest(first, [...there.keys()])}"`,
  );
}

import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { UserError } from '../errors.ts';
import { problemKey } from '../identity/keys.ts';
import { type Entry, readManifest } from '../measured/manifest.ts';
import { bytesOfFile } from '../regular-file.ts';
import { type Form, forms } from './forms.ts';

/** A file that somebody's method has made. */
export interface ImportedFile {
  readonly file: string;
  /** Of the file. */
  readonly sha256: string;
}

/** What somebody's method has found of a problem. */
export interface ImportedAnswer extends ImportedFile {
  /** A blind method's kernel. */
  readonly beside: Readonly<Record<string, ImportedFile>>;
}

/** What of a manifest's problems a folder answers. */
export interface Matched {
  /** Of all problems that are answered. */
  readonly kind: Entry['kind'];
  /** By the problem's key. */
  readonly pictures: ReadonlyMap<string, ImportedAnswer>;
  /** Of every problem of that kind, by its key. */
  readonly entries: ReadonlyMap<string, Entry>;
  /** Of every problem without an answer, by its key: the file that was expected, relative to the folder. */
  readonly missing: ReadonlyMap<string, string>;
  /** Files without a problem, relative to the folder, pictures of other formats too. */
  readonly unknown: readonly string[];
}

/**
 * Finds the answer of each problem below the folder: `<name>.png`, or an array `<name>.npy`; of a blind task with
 * `<name>.kernel.npy` beside it; label maps are PNG.
 * @throws UserError for a manifest that cannot be read or has no problem, for answers of more than one kind, and for a file
 * that is nothing of the kind or not whole, or has another size than the truth
 */
export function matchPictures(folder: string, measured: string): Matched {
  const { entries } = readManifest(measured);
  const kind = kindAnswered(folder, measured, entries);
  const asked = entries.filter((entry) => entry.kind === kind);
  const pictures = new Map<string, ImportedAnswer>();
  const missing = new Map<string, string>();
  for (const entry of asked) {
    const { result, beside } = forms[kind];
    const found = oneOf(result, folder, measured, entry);
    const parts = Object.entries(beside).map(
      ([what, form]) => [what, form, oneOf([form], folder, measured, entry)] as const,
    );
    const absent = found ? parts.find(([, , file]) => file === null)?.[1] : result[0];
    if (absent) missing.set(problemKey(entry), entry.name + absent.extension);
    else
      pictures.set(problemKey(entry), {
        ...found!,
        beside: Object.fromEntries(parts.map(([what, , file]) => [what, file!])),
      });
  }
  const expected = new Set(
    asked.flatMap(({ name }) => formsOf(kind).map(({ extension }) => name + extension)),
  );
  return {
    kind,
    pictures,
    entries: new Map(asked.map((entry) => [problemKey(entry), entry])),
    missing,
    unknown: filesIn(folder).filter((file) => !expected.has(file)),
  };
}

/** The kind of the problems that have a file; where none has, that of the first. */
function kindAnswered(folder: string, measured: string, entries: readonly Entry[]): Entry['kind'] {
  if (entries.length === 0) throw new UserError(`${measured}: has no problem, which a picture would answer`);
  const files = new Set(filesIn(folder));
  const answered = entries.filter(({ kind, name }) =>
    forms[kind].result.some(({ extension }) => files.has(name + extension)),
  );
  const [first = entries[0]!] = answered;
  const other = answered.find(({ kind }) => kind !== first.kind);
  if (other)
    throw new UserError(
      `${folder}: answers problems of two kinds, ${first.name} (${first.kind}) and ${other.name} (${other.kind}); ` +
        'expected a folder for each',
    );
  return first.kind;
}

function formsOf(kind: Entry['kind']): readonly Form[] {
  const { result, beside } = forms[kind];
  return [...result, ...Object.values(beside)];
}

/** The file in one of these forms; null where there is none. */
function oneOf(
  possible: readonly Form[],
  folder: string,
  measured: string,
  entry: Entry,
): ImportedFile | null {
  const [found, second] = possible.flatMap((form) => {
    const file = join(folder, entry.name + form.extension);
    const bytes = bytesOfFile(file);
    return bytes ? [{ file, bytes, form }] : [];
  });
  if (!found) return null;
  const { file, bytes, form } = found;
  if (second)
    throw new UserError(`${file}: ${entry.name} is there as ${second.file} too; expected one of them`);
  form.require(file, bytes, entry, measured);
  return { file, sha256: sha256Of(bytes) };
}

export function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** What somebody may have meant as a picture. */
const ANY_FORM = /\.(png|npy|jpe?g|webp|gif|bmp|tiff?|npz|pth?|mat)$/i;

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((one) => one.isFile() && ANY_FORM.test(one.name) && !one.name.startsWith('.'))
    .map(({ parentPath, name }) => relative(folder, join(parentPath, name)).split(sep).join('/'))
    .sort();
}

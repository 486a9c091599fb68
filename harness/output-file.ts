import { closeSync, lstatSync, openSync, readSync, realpathSync } from 'node:fs';
import { UserError } from './errors.ts';
import { requireRegularFile } from './regular-file.ts';
import { replaceFileBy } from './write-file.ts';

/** A kind of file that commands write where the user says. */
export interface OutputKind {
  /** As a sentence names it, e.g. `an HTML report`. */
  readonly name: string;
  /** What every file of the kind begins with. */
  readonly begins: RegExp;
}

/** A picture that a command has drawn: any PNG may be in its place. */
export const PNG_OUTPUT: OutputKind = { name: 'a PNG picture', begins: /^\x89PNG\r\n/ };

/** Enough to tell what a file is. */
const HEAD_BYTES = 4096;

/**
 * Asks whether an output may be written to `file`: nothing is there, an empty file, or an earlier output of the kind.
 * @throws UserError that says what would be lost
 */
export function requireReplaceable(file: string, kind: OutputKind): void {
  if (!lstatSync(file, { throwIfNoEntry: false })) return;
  requireRegularFile(file);
  const head = headOf(file);
  if (
    head.length === 0 ||
    kind.begins.test(head.toString('utf8')) ||
    kind.begins.test(head.toString('latin1'))
  )
    return;
  throw new UserError(
    `${file}: expected nothing here, or ${kind.name} of an earlier tweedie, found ${contentOf(head)}; name another file`,
  );
}

/** Writes an output aside and renames it. @throws UserError where something else is in its place */
export async function writeOutput(
  file: string,
  kind: OutputKind,
  write: (temporary: string) => Promise<void>,
): Promise<void> {
  requireReplaceable(file, kind);
  const isThere = lstatSync(file, { throwIfNoEntry: false });
  // A link stays: what it leads to is replaced.
  await replaceFileBy(isThere ? realpathSync(file) : file, write);
}

/** The first bytes of a file. */
export function headOf(file: string): Buffer {
  const handle = openSync(file, 'r');
  try {
    const head = Buffer.alloc(HEAD_BYTES);
    return head.subarray(0, readSync(handle, head));
  } finally {
    closeSync(handle);
  }
}

/** Kinds of files that would be a loss, by their first bytes. */
const CONTENTS: readonly (readonly [RegExp, string])[] = [
  [/^SQLite format 3\0/, 'a SQLite database'],
  [/^\x89PNG/, 'a PNG picture'],
  [/^\xff\xd8\xff/, 'a JPEG picture'],
  [/^PK/, 'a zip archive (a checkpoint of PyTorch is one)'],
  [/^[\s\S]{8}\{"/, 'a safetensors file'],
  [/^%PDF/, 'a PDF file'],
  [/^\s*<(!doctype html|html)/i, 'a web page'],
];

function contentOf(head: Buffer): string {
  const bytes = head.toString('latin1');
  const known = CONTENTS.find(([begins]) => begins.test(bytes));
  if (known) return known[1];
  if (bytes.includes('\0')) return 'a binary file';
  return `a text that begins ${JSON.stringify(head.toString('utf8').trimStart().split('\n', 1)[0]!.slice(0, 40))}`;
}

import { chmodSync, closeSync, constants, copyFileSync, fsyncSync, openSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { UserError } from '../errors.ts';
import { sha256 } from '../identity/canonical.ts';
import { bytesOfFile } from '../regular-file.ts';
import type { Artifact } from '../store/records.ts';
import { replaceFile } from '../write-file.ts';

/** Where the harness puts pictures and arrays: a database of unknown origin may name any path. */
const STORED = /^(images|tensors)\/[0-9a-f]{2}\/[\w.-]+$/;

/** Copies files of one results folder into another, each once. */
export class StoredCopies {
  readonly #from: string;
  readonly #to: string;
  readonly #whole = new Set<string>();
  files = 0;
  bytes = 0;

  constructor(from: string, to: string) {
    this.#from = from;
    this.#to = to;
  }

  /**
   * Copies a picture or an array unless the same bytes lie here already.
   * @throws UserError where it is missing there, or not what was stored
   */
  artifact({ path, sha256: digest }: Pick<Artifact, 'path' | 'sha256'>): void {
    if (this.#whole.has(path)) return;
    if (!STORED.test(path)) throw new UserError(`${path}: no place of a picture or an array`);
    const expected = digest ?? (path.endsWith('.png') ? basename(path, '.png') : null);
    const here = bytesOfFile(join(this.#to, path));
    if (!here || expected === null || sha256(here) !== expected) this.#copy(path, expected);
    this.#whole.add(path);
  }

  /** Copies a file as it is, over one that is here. */
  plain(path: string): void {
    this.#copy(path, null);
  }

  /** @param expected sha256; null: not known */
  #copy(path: string, expected: string | null): void {
    const [source, target] = [join(this.#from, path), join(this.#to, path)];
    if (!statSync(source, { throwIfNoEntry: false })?.isFile())
      throw new UserError(`${path}: missing there; tweedie run makes it again`);
    replaceFile(target, (temporary) => {
      copyFileSync(source, temporary, constants.COPYFILE_FICLONE);
      // The owner's right to write is lost where the other folder was made read-only.
      chmodSync(temporary, statSync(temporary).mode | 0o600);
      const bytes = bytesOfFile(temporary)!;
      if (expected !== null && sha256(bytes) !== expected)
        throw new UserError(`${path}: damaged there (its sha256 is another); tweedie run makes it again`);
      flush(temporary);
      this.files++;
      this.bytes += bytes.length;
    });
  }
}

/** A row must not be on the disk before the files that it names. */
function flush(file: string): void {
  const handle = openSync(file, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

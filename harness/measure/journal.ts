import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../errors.ts';
import { problemKey } from '../identity/keys.ts';
import { makeFolder } from '../make-folder.ts';
import {
  type Entry,
  MANIFEST,
  MANIFEST_FORMAT,
  MANIFEST_VERSION,
  type Manifest,
  readManifest,
} from '../measured/manifest.ts';
import { bytesOfFile } from '../regular-file.ts';
import { jsonText } from '../text/json.ts';
import { writeFileAside } from '../write-file.ts';

/** A problem whose files are written, with the sha256 of each by its path. */
export interface Written {
  readonly entry: Entry;
  readonly sha256: Readonly<Record<string, string>>;
}

/** Lines of what is done, until the manifest is whole. */
const JOURNAL = 'manifest.partial.jsonl';
const HEAD = jsonText({ format: MANIFEST_FORMAT, version: MANIFEST_VERSION });

/** The folder of an unfinished or finished `tweedie measure`: what is there already, and where more is noted. */
export class MeasurementFolder {
  readonly path: string;
  readonly #written = new Map<string, Written>();
  readonly #hashes = new Map<string, string>();

  /** @throws UserError for a folder with something else in it */
  constructor(path: string) {
    this.path = path;
    makeFolder(path);
    const names = readdirSync(path);
    if (names.length === 0) return;
    if (!names.includes(MANIFEST) && !this.#isJournal())
      throw new UserError(
        `${path}: expected an empty folder, or measurements of an earlier tweedie, found ${names.sort()[0]}; name another folder`,
      );
    for (const written of [...this.#inManifest(), ...this.#inJournal()])
      this.#written.set(problemKey(written.entry), written);
  }

  /** The problems that have been written here, whole or not. */
  get entries(): Entry[] {
    return [...this.#written.values()].map(({ entry }) => entry);
  }

  /** A problem whose files are all here as they were written. */
  whole(key: string): Written | null {
    const written = this.#written.get(key);
    const isWhole =
      written && Object.entries(written.sha256).every(([path, hash]) => this.#sha256(path) === hash);
    return isWhole ? written : null;
  }

  /** Writes files by their paths, unless they are there. @returns the sha256 of each */
  write(files: Readonly<Record<string, Uint8Array>>): Record<string, string> {
    const hashes: Record<string, string> = {};
    for (const [path, content] of Object.entries(files)) {
      hashes[path] = sha256(content);
      if (this.#sha256(path) === hashes[path]) continue;
      writeFileAside(join(this.path, path), content);
      this.#hashes.set(path, hashes[path]);
    }
    return hashes;
  }

  note(written: Written): void {
    const file = join(this.path, JOURNAL);
    if (!this.#isJournal()) writeFileAside(file, `${HEAD}\n`);
    appendFileSync(file, `${jsonText(written)}\n`);
  }

  finish({ tweedie, experiment }: Pick<Manifest, 'tweedie' | 'experiment'>, all: readonly Written[]): void {
    const manifest: Manifest = {
      format: MANIFEST_FORMAT,
      version: MANIFEST_VERSION,
      tweedie,
      experiment,
      entries: all.map(({ entry }) => entry),
      sha256: Object.assign({}, ...all.map((one) => one.sha256)),
    };
    writeFileAside(join(this.path, MANIFEST), `${jsonText(manifest, 1)}\n`);
    rmSync(join(this.path, JOURNAL), { force: true });
  }

  #inManifest(): Written[] {
    if (!existsSync(join(this.path, MANIFEST))) return [];
    const { entries, sha256 } = readManifest(this.path);
    return entries.map((entry) => ({
      entry,
      sha256: Object.fromEntries(filesOf(entry).map((path) => [path, sha256[path] ?? ''])),
    }));
  }

  /** A line that a kill has cut short is a problem that is still to do. */
  #inJournal(): Written[] {
    const lines = bytesOfFile(join(this.path, JOURNAL))?.toString('utf8').split('\n').slice(1) ?? [];
    return lines.flatMap((line) => {
      try {
        return [JSON.parse(line) as Written];
      } catch {
        return [];
      }
    });
  }

  #isJournal(): boolean {
    return bytesOfFile(join(this.path, JOURNAL))?.toString('utf8').startsWith(HEAD) ?? false;
  }

  /** Of a file as it lies here; those that problems share are read once. */
  #sha256(path: string): string | null {
    const known = this.#hashes.get(path);
    if (known !== undefined) return known;
    const bytes = bytesOfFile(join(this.path, path));
    if (!bytes) return null;
    const hash = sha256(bytes);
    this.#hashes.set(path, hash);
    return hash;
  }
}

function filesOf({ y, picture, truth, arrays, truths }: Entry): string[] {
  const own = [y, picture, truth].filter((path) => path !== null);
  return [...own, ...Object.values(arrays), ...Object.values(truths)];
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

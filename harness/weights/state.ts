import { type Stats, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileSha256 } from '../networks/file-hash.ts';
import { registered, weightsFolder } from './location.ts';
import type { WeightsFile, WeightsManifest } from './manifest.ts';

/** How a file on this machine compares with its manifest. `unverified`: there, and no hash is known to compare with. */
export type FileState =
  | { readonly state: 'verified' | 'unverified'; readonly bytes: number; readonly sha256?: string }
  | { readonly state: 'missing' }
  | { readonly state: 'wrong'; readonly problem: string };

/** Where a file of known weights lies, or should lie: where the weights were registered, else in the weights folder. */
export function placeOf(manifest: WeightsManifest, file: WeightsFile): string {
  const elsewhere = registered().get(manifest.name);
  if (elsewhere === undefined) return join(weightsFolder(), manifest.name, file.path);
  const isTheFile = manifest.files.length === 1 && !statOf(elsewhere)?.isDirectory();
  return isTheFile ? elsewhere : join(elsewhere, file.path);
}

/** Compares a file with what is known of it: its size, then its hash (`hash: false`: the size alone). */
export function examineFile(path: string, file: WeightsFile, { hash = true } = {}): FileState {
  const stats = statOf(path);
  if (!stats) return { state: 'missing' };
  if (!stats.isFile()) return { state: 'wrong', problem: `${path}: is a folder, not a file` };
  const name = basename(file.path);
  if (file.bytes !== undefined && stats.size !== file.bytes)
    return { state: 'wrong', problem: `${path}: ${stats.size} bytes; ${name} has ${file.bytes}` };
  const expected = file.sha256 ?? file.sha256Prefix;
  if (expected === undefined || !hash) return { state: 'unverified', bytes: stats.size };
  const sha256 = fileSha256(path);
  if (sha256.startsWith(expected)) return { state: 'verified', bytes: stats.size, sha256 };
  const wanted = file.sha256 ?? `${expected}...`;
  return { state: 'wrong', problem: `${path}: sha256 is ${sha256}; expected ${wanted}` };
}

/** What a person does about a file that is not there. */
export function howToGet(manifest: WeightsManifest, file: WeightsFile): string {
  const fetched = manifest.download ? `tweedie weights fetch ${manifest.name}, or ` : '';
  const from = manifest.download ? `${manifest.download}${file.path}` : manifest.source;
  return `${fetched}put ${basename(file.path)} from ${from} at ${placeOf(manifest, file)}`;
}

/** What lies at a path, if anything that can be looked at. */
export function statOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}

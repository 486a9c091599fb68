import { type Stats, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileSha256 } from '../networks/file-hash.ts';
import { registered, weightsFolder } from './location.ts';
import type { KnownFile, WeightsManifest } from './manifest.ts';

/** How a file on this machine compares with its manifest. `unverified`: there, and no hash is known to compare with. */
export type FileState =
  | { readonly state: 'verified' | 'unverified'; readonly bytes: number; readonly sha256?: string }
  | { readonly state: 'missing' }
  | { readonly state: 'wrong'; readonly problem: string };

/** Where a file of known weights lies, or should lie: where the weights were registered, else in the weights folder. */
export function placeOf(manifest: WeightsManifest, file: KnownFile): string {
  return placeIn(weightsRoot(manifest), manifest, file);
}

/** The same in a folder, or in what may be the one file itself. */
export function placeIn(root: string, manifest: WeightsManifest, file: KnownFile): string {
  const stats = statOf(root);
  const isTheFile = manifest.files.length === 1 && stats !== undefined && !stats.isDirectory();
  return isTheFile ? root : inAnyForm(join(root, file.path), file);
}

/** The folder of known weights, or what was registered: perhaps a file. */
function weightsRoot({ name }: WeightsManifest): string {
  return registered().get(name) ?? join(weightsFolder(), name);
}

/** The path that stands for known weights: their one file, or the folder of several. */
export function pathOf(manifest: WeightsManifest): string {
  const [first, second] = manifest.files;
  return second ? weightsRoot(manifest) : placeOf(manifest, first!);
}

/** Where no hash says which file it is, shards or a half-precision variant of a network are as good. */
function inAnyForm(path: string, { sha256, sha256Prefix }: KnownFile): string {
  if (sha256 ?? sha256Prefix ?? !path.endsWith('.safetensors')) return path;
  const forms = [path, `${path}.index.json`, path.replace(/safetensors$/, 'fp16.safetensors')];
  return forms.find((form) => statOf(form)) ?? path;
}

/** Compares a file with what is known of it: its size, then its hash (`hash: false`: the size alone). */
export function examineFile(path: string, file: KnownFile, { hash = true } = {}): FileState {
  const stats = statOf(path);
  if (!stats) return { state: 'missing' };
  if (!stats.isFile())
    return {
      state: 'wrong',
      problem: `${path}: is ${stats.isDirectory() ? 'a folder' : 'a device or pipe'}, not a file`,
    };
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
export function howToGet(manifest: WeightsManifest, file: KnownFile): string {
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

import { UserError } from '../errors.ts';
import { type DownloadOptions, download } from './download.ts';
import { registered } from './location.ts';
import { type KnownFile, manifestOf } from './manifest.ts';
import { examineFile, type FileState, howToGet, placeOf } from './state.ts';

export interface FetchedFile {
  readonly path: string;
  readonly found: FileState;
  /** false: it was there before. */
  readonly fetched: boolean;
}

export interface FetchOptions extends Pick<DownloadOptions, 'pause'> {
  progress?(file: KnownFile, done: number, total: number | undefined): void;
}

/**
 * Downloads the files of known weights that are missing, one after the other.
 * @throws UserError for weights that cannot be fetched, and for a file that cannot be had: which one, and where to put
 * it by hand
 */
export async function* fetchWeights(
  name: string,
  { progress, ...options }: FetchOptions = {},
): AsyncGenerator<FetchedFile> {
  const manifest = manifestOf(name);
  const elsewhere = registered().get(name);
  for (const file of manifest.files) {
    const path = placeOf(manifest, file);
    const found = examineFile(path, file);
    if (found.state === 'wrong') throw new UserError(`${found.problem}; remove it to fetch it anew`);
    if (found.state !== 'missing') {
      yield { path, found, fetched: false };
      continue;
    }
    if (elsewhere !== undefined)
      throw new UserError(`${name} is registered at ${elsewhere}, where ${file.path} is missing`);
    if (manifest.download === undefined)
      throw new UserError(`${name} cannot be fetched: ${howToGet(manifest, file)}`);
    try {
      const got = await download(`${manifest.download}${file.path}`, path, file, {
        ...options,
        progress: (done, total) => progress?.(file, done, total),
      });
      yield { path, found: got, fetched: true };
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      throw new UserError(`${error.message}; by hand: put ${file.path} from ${manifest.source} at ${path}`);
    }
  }
}

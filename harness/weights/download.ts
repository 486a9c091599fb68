import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { UserError } from '../errors.ts';
import { cannotWrite, lockFile } from './lock-file.ts';
import type { KnownFile } from './manifest.ts';
import { examineFile, type FileState, statOf } from './state.ts';

export interface DownloadOptions {
  /** Called as bytes arrive; `total` where the server said it. */
  progress?(done: number, total: number | undefined): void;
  /** Before the second attempt that brought nothing, in milliseconds; doubled before each further one. */
  readonly pause?: number;
}

/** Attempts in a row that bring no byte before a download is given up. */
const FRUITLESS_ATTEMPTS = 5;
/** Of name resolution and the like: trying again at once is no use. */
const OFFLINE = new Set(['ENOTFOUND', 'EAI_AGAIN', 'ENETUNREACH', 'EHOSTUNREACH']);

/**
 * Downloads a file: what has arrived stays in `path`.part and is gone on with, by a later call too; the file appears
 * under its name only when it is whole, and of the known size and hash.
 * @throws UserError when the server cannot be reached, refuses, or sends something else
 */
export async function download(
  url: string,
  path: string,
  expected: KnownFile,
  { progress = () => {}, pause = 500 }: DownloadOptions = {},
): Promise<FileState> {
  const release = lockFile(`${path}.part.lock`);
  try {
    return await downloadAlone(url, path, expected, { progress, pause });
  } finally {
    release();
  }
}

async function downloadAlone(
  url: string,
  path: string,
  expected: KnownFile,
  { progress, pause }: Required<DownloadOptions>,
): Promise<FileState> {
  const part = new PartFile(path, expected);
  for (let fruitless = 0; ; fruitless++) {
    const before = part.size;
    try {
      if (await receive(url, part, expected, progress)) break;
    } catch (error) {
      if (error instanceof UserError) throw error;
      const code = reasonOf(error);
      if (part.size > before) fruitless = 0;
      if (OFFLINE.has(code) || fruitless + 1 >= FRUITLESS_ATTEMPTS)
        throw new UserError(`${url}: cannot be downloaded (${code})`);
      await sleep(pause * 2 ** fruitless);
    }
  }
  return part.finish(url);
}

/** One request for what is missing. True: the file is whole. Throws what the network throws when it breaks off. */
async function receive(
  url: string,
  part: PartFile,
  expected: KnownFile,
  progress: NonNullable<DownloadOptions['progress']>,
): Promise<boolean> {
  const response = await fetch(url, { headers: { 'accept-encoding': 'identity', ...part.rangeHeaders() } });
  if (response.status === 416) {
    await response.body?.cancel();
    if (totalOf(response) === part.size) return true;
    part.discard();
    throw new Error(`HTTP 416`);
  }
  if (response.status === 429 || response.status >= 500) {
    await response.body?.cancel();
    throw new Error(`HTTP ${response.status}`);
  }
  if (!response.ok || !response.body) {
    await response.body?.cancel();
    throw new UserError(`${url}: the server answers ${response.status} ${response.statusText}`.trim());
  }
  const total = totalOf(response);
  if (expected.bytes !== undefined && total !== undefined && total !== expected.bytes) {
    await response.body.cancel();
    throw new UserError(`${url}: the server offers ${total} bytes; expected ${expected.bytes}`);
  }
  const from = response.status === 206 ? startOf(response) : 0;
  if (from > part.size) {
    await response.body.cancel();
    throw new UserError(
      `${url}: asked for bytes from ${part.size} on, the server sends them from ${from} on`,
    );
  }
  await part.write(response.body, from, response.headers, (done) => progress(done, total));
  if (total !== undefined && part.size < total) throw new Error('the connection was closed early');
  return true;
}

/** What has arrived so far, beside the place where the file will be. */
class PartFile {
  readonly #path: string;
  readonly #part: string;
  readonly #validatorFile: string;
  readonly #expected: KnownFile;

  constructor(path: string, expected: KnownFile) {
    this.#path = path;
    this.#part = `${path}.part`;
    this.#validatorFile = `${path}.part.etag`;
    this.#expected = expected;
    // Nothing would tell a mixture of two versions from the file.
    if (!this.#hashKnown && this.#validator() === undefined) this.discard();
  }

  get size(): number {
    return statOf(this.#part)?.size ?? 0;
  }

  /** Ask for the rest, and for the whole if the file has changed since. */
  rangeHeaders(): Record<string, string> {
    if (this.size === 0) return {};
    const validator = this.#validator();
    return { range: `bytes=${this.size}-`, ...(validator ? { 'if-range': validator } : {}) };
  }

  async write(
    body: AsyncIterable<Uint8Array>,
    from: number,
    headers: Headers,
    progress: (done: number) => void,
  ): Promise<void> {
    let file: FileHandle;
    try {
      if (from === 0) this.discard();
      const etag = headers.get('etag');
      if (from === 0 && etag && !etag.startsWith('W/')) writeFileSync(this.#validatorFile, etag);
      file = await open(this.#part, from === 0 ? 'w' : 'r+');
    } catch (error) {
      throw cannotWrite(this.#part, error);
    }
    try {
      let position = from;
      for await (const chunk of body) {
        try {
          for (let done = 0; done < chunk.length; ) {
            done += (await file.write(chunk, done, chunk.length - done, position + done)).bytesWritten;
          }
        } catch (error) {
          throw cannotWrite(this.#part, error);
        }
        position += chunk.length;
        progress(position);
      }
      await file.truncate(position);
      await file.sync();
    } finally {
      await file.close();
    }
  }

  discard(): void {
    rmSync(this.#part, { force: true });
    rmSync(this.#validatorFile, { force: true });
  }

  /** Gives the whole file its name. What turns out to be wrong is thrown away: going on with it would not help. */
  finish(url: string): FileState {
    const found = examineFile(this.#part, this.#expected);
    if (found.state === 'wrong') {
      this.discard();
      throw new UserError(`${url}: not the file that was expected: ${found.problem}`);
    }
    // The part has lain beside it since the first attempt, under a name that the next one finds: no file of one write.
    renameSync(this.#part, this.#path);
    rmSync(this.#validatorFile, { force: true });
    return found;
  }

  get #hashKnown(): boolean {
    return this.#expected.sha256 !== undefined || this.#expected.sha256Prefix !== undefined;
  }

  #validator(): string | undefined {
    return statOf(this.#validatorFile) ? readFileSync(this.#validatorFile, 'utf8') : undefined;
  }
}

/** Bytes of the whole file, as the server says; what it packs has another size when unpacked. */
function totalOf(response: Response): number | undefined {
  if (response.headers.get('content-encoding')) return undefined;
  const range = /\/(\d+)$/.exec(response.headers.get('content-range') ?? '')?.[1];
  const text = range ?? (response.status === 200 ? response.headers.get('content-length') : null);
  return text === null || text === undefined ? undefined : Number(text);
}

function startOf(response: Response): number {
  return Number(/^bytes (\d+)-/.exec(response.headers.get('content-range') ?? '')?.[1] ?? 0);
}

/** fetch wraps what happened: `TypeError: fetch failed`, with the cause inside. */
function reasonOf(error: unknown): string {
  const { cause } = error as Error;
  const inner = cause instanceof Error ? cause : (error as Error);
  return (inner as NodeJS.ErrnoException).code ?? inner.message;
}

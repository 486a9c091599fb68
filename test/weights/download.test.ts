import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UserError } from '../../harness/errors.ts';
import { download } from '../../harness/weights/download.ts';
import type { KnownFile } from '../../harness/weights/manifest.ts';

const content = Buffer.from(Array.from({ length: 300_000 }, (_, i) => (i * 7919) % 251));
const file: KnownFile = {
  path: 'model.bin',
  bytes: content.length,
  sha256: createHash('sha256').update(content).digest('hex'),
};

let folder: string;
let path: string;
let url: string;
let answer: (request: IncomingMessage, response: ServerResponse) => void;
/** Range header of each request. */
let asked: (string | undefined)[];

const server = createServer((request, response) => {
  asked.push(request.headers.range);
  answer(request, response);
});

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tweedie-download-'));
  path = join(folder, 'deep', 'model.bin');
  asked = [];
  cut = undefined;
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/model.bin`;
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((closed) => server.close(closed));
  rmSync(folder, { recursive: true });
});

/** What the server cuts once the client has so many bytes. */
let cut: { at: number; socket: Socket } | undefined;

const get = (expected: KnownFile = file) =>
  download(url, path, expected, {
    pause: 1,
    progress: (done) => {
      if (cut && done >= cut.at) cut.socket.destroy();
    },
  });

function rangeStart({ headers }: IncomingMessage): number {
  return Number(/^bytes=(\d+)-$/.exec(headers.range ?? '')?.[1] ?? 0);
}

/** A well-behaved server of some bytes, which may close the connection after so many of them. */
function serve(bytes: Buffer, { cutAfter = Number.POSITIVE_INFINITY, etag = '"v1"' } = {}) {
  return (request: IncomingMessage, response: ServerResponse) => {
    const changed = request.headers['if-range'] !== undefined && request.headers['if-range'] !== etag;
    const start = changed ? 0 : rangeStart(request);
    const rest = bytes.subarray(start);
    response.writeHead(start > 0 ? 206 : 200, {
      etag,
      'content-length': rest.length,
      ...(start > 0 ? { 'content-range': `bytes ${start}-${bytes.length - 1}/${bytes.length}` } : {}),
    });
    const whole = rest.length <= cutAfter;
    cut = whole ? undefined : { at: start + cutAfter, socket: request.socket };
    if (whole) response.end(rest);
    else response.write(rest.subarray(0, cutAfter));
  };
}

/** Nothing of the file's name, whole or in parts. */
const nothingLeft = () => [path, `${path}.part`, `${path}.part.etag`].every((name) => !existsSync(name));

describe('a download', () => {
  it('gives a verified file and leaves nothing beside it', async () => {
    answer = serve(content);
    expect(await get()).toEqual({ state: 'verified', bytes: content.length, sha256: file.sha256 });
    expect(readFileSync(path).equals(content)).toBe(true);
    expect(existsSync(`${path}.part`) || existsSync(`${path}.part.etag`)).toBe(false);
  });

  it('tells how far it is', async () => {
    answer = serve(content);
    const seen: [number, number | undefined][] = [];
    await download(url, path, file, { progress: (...args) => void seen.push(args) });
    expect(seen.at(-1)).toEqual([content.length, content.length]);
  });

  it('goes on where the connection was cut, as often as needed', async () => {
    answer = serve(content, { cutAfter: 40_000 });
    await get();
    expect(readFileSync(path).equals(content)).toBe(true);
    expect(asked).toEqual([undefined, ...[1, 2, 3, 4, 5, 6, 7].map((cuts) => `bytes=${cuts * 40_000}-`)]);
  });

  it('keeps what came for the next call when the server is gone for good', async () => {
    answer = (request, response) => {
      if (asked.length === 1) serve(content, { cutAfter: 100_000 })(request, response);
      else request.socket.destroy();
    };
    await expect(get()).rejects.toThrow(UserError);
    expect(existsSync(path)).toBe(false);
    const kept = readFileSync(`${path}.part`);
    expect(kept.equals(content.subarray(0, 100_000))).toBe(true);

    answer = serve(content);
    asked = [];
    await get();
    expect(asked).toEqual([`bytes=${kept.length}-`]);
    expect(readFileSync(path).equals(content)).toBe(true);
  });

  it('starts again where the server ignores ranges', async () => {
    answer = (request, response) => {
      if (asked.length === 1) return serve(content, { cutAfter: 100_000 })(request, response);
      response.writeHead(200, { 'content-length': content.length }).end(content);
    };
    await get();
    expect(asked[1]).toMatch(/^bytes=\d+-$/);
    expect(readFileSync(path).equals(content)).toBe(true);
  });

  it('starts again where the file has changed on the server', async () => {
    const other = Buffer.from(content.map((byte) => byte ^ 1));
    answer = (request, response) =>
      asked.length === 1
        ? serve(other, { cutAfter: 100_000 })(request, response)
        : serve(content, { etag: '"v2"' })(request, response);
    await get({ path: 'model.bin' });
    expect(readFileSync(path).equals(content)).toBe(true);
  });

  it('does not go on with a part whose version nothing tells', async () => {
    answer = serve(content);
    await get();
    rmSync(path);
    writeFileSync(`${path}.part`, Buffer.alloc(1000));
    asked = [];
    await get({ path: 'model.bin' });
    expect(asked).toEqual([undefined]);
    expect(readFileSync(path).equals(content)).toBe(true);
  });

  it('is unverified where no hash is known', async () => {
    answer = serve(content);
    expect(await get({ path: 'model.bin' })).toEqual({ state: 'unverified', bytes: content.length });
  });

  it('needs no length from the server', async () => {
    answer = (_, response) => {
      response.write(content.subarray(0, 1000));
      response.end(content.subarray(1000));
    };
    await get();
    expect(readFileSync(path).equals(content)).toBe(true);
  });

  it('takes a part that was whole already', async () => {
    answer = serve(content, { cutAfter: 100_000 });
    await get();
    writeFileSync(`${path}.part`, content);
    rmSync(path);
    answer = (_, response) => response.writeHead(416, { 'content-range': `bytes */${content.length}` }).end();
    await get();
    expect(readFileSync(path).equals(content)).toBe(true);
  });
});

describe('nothing is left under the name', () => {
  it('by wrong bytes of the right length', async () => {
    answer = serve(Buffer.from(content.map((byte) => byte ^ 1)));
    await expect(get()).rejects.toThrow(/not the file that was expected: .*sha256 is [0-9a-f]{64}; expected/);
    expect(nothingLeft()).toBe(true);
  });

  it('by a wrong length, which is refused before a byte is taken', async () => {
    answer = serve(content.subarray(1));
    await expect(get()).rejects.toThrow('the server offers 299999 bytes; expected 300000');
    expect(nothingLeft()).toBe(true);
  });

  it.each([401, 404])('by an answer %s, which is not tried again', async (status) => {
    answer = (_, response) => response.writeHead(status).end('no');
    await expect(get()).rejects.toThrow(`${url}: the server answers ${status}`);
    expect(asked).toHaveLength(1);
    expect(nothingLeft()).toBe(true);
  });

  it.each([416, 429, 503])('by answers %s without end', async (status) => {
    answer = (_, response) => response.writeHead(status).end();
    await expect(get()).rejects.toThrow(`cannot be downloaded (HTTP ${status})`);
    expect(asked).toHaveLength(5);
    expect(nothingLeft()).toBe(true);
  });
});

describe('a mistake is one clear error', () => {
  it('where nobody answers', async () => {
    const nobody = url.replace(/:\d+\//, ':1/');
    await expect(download(nobody, path, file, { pause: 1 })).rejects.toThrow(
      `${nobody}: cannot be downloaded (`,
    );
  });

  it('where the folder cannot be written', async () => {
    writeFileSync(join(folder, 'deep'), 'a file');
    await expect(get()).rejects.toThrow(/cannot be written \((EEXIST|ENOTDIR)\)/);
  });

  it('while another process fetches the same file', async () => {
    answer = serve(content);
    await get();
    rmSync(path);
    writeFileSync(`${path}.part.lock`, `${hostname()} ${process.ppid}`);
    await expect(get()).rejects.toThrow(`being fetched by process ${process.ppid}`);
  });
});

it('the lock of a process that is gone is taken over', async () => {
  answer = serve(content);
  await get();
  rmSync(path);
  writeFileSync(`${path}.part.lock`, `${hostname()} 999999999`);
  await get();
  expect(existsSync(path)).toBe(true);
  expect(existsSync(`${path}.part.lock`)).toBe(false);
});

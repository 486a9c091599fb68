import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';
import { registries } from '../../harness/cli/registries.ts';
import { Answers } from '../../harness/serve/answers.ts';
import { startServer } from '../../harness/serve/server.ts';
import { registerExperiment } from '../../harness/store/register.ts';
import { openStore } from '../../harness/store/store.ts';
import { saveFailure, saveSolution, startRun } from '../../harness/store/writes.ts';
import {
  exampleCell,
  exampleExperiment,
  exampleRun,
  exampleSolution,
  temporaryStore,
} from '../store/example.ts';

const KEY = 'ab'.padEnd(64, '0');
const cells = [
  exampleCell({ key: KEY }),
  exampleCell({ key: 'b', item: 'test/1' }),
  exampleCell({ key: 'c', item: 'test/2' }),
] as const;

/** A server of a store with a done, a failed and an undone cell; the store is written by another connection. */
async function serving() {
  const store = temporaryStore();
  registerExperiment(store, exampleExperiment(cells, { name: 'example' }));
  const run = startRun(store, 'example', exampleRun);
  saveSolution(store, run, exampleSolution(cells[0]));
  saveFailure(store, { cellKey: 'b', kind: 'nan', message: 'NaN in <b>step</b> 3', logTail: '' });
  const reader = openStore(store.dir, { create: false });
  const { server, url } = await startServer(new Answers(reader, async () => registries), 0);
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
    reader.db.close();
  });
  return { store, run, url };
}

/** A request as `fetch` will not send one: with any path and Host. */
async function raw(
  url: string,
  path: string,
  headers: Record<string, string> = {},
): Promise<IncomingMessage> {
  const { hostname, port } = new URL(url);
  const sent = request({ hostname, port, path, headers });
  sent.end();
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  return answer;
}

describe('the start page', () => {
  it('has each experiment with its progress, its means so far and its failures, escaped', async () => {
    const { url } = await serving();
    const page = await (await fetch(url)).text();
    expect(page).toContain('<a href="/report/example">example</a>');
    expect(page).toContain('1 of 3 cells done, 1 failed, 1 to do');
    expect(page).toContain('<td>P2L</td><td>psnr</td><td>20.00</td><td>1</td>');
    expect(page).toContain('NaN in &lt;b&gt;step&lt;/b&gt; 3');
  });

  it('asks nobody but this server, and lets no script run but its own', async () => {
    const { url } = await serving();
    const page = await (await fetch(url)).text();
    const [, script] = /<script>([\s\S]*)<\/script>/.exec(page)!;
    const hash = createHash('sha256').update(script!).digest('base64');
    expect(page.replaceAll('&#39;', "'")).toContain(
      `default-src 'none'; img-src data:; font-src data:; style-src 'unsafe-inline'; script-src 'sha256-${hash}'; connect-src 'self'"`,
    );
    expect(page).not.toMatch(/(src|href)="(https?:)?\/\//);
  });

  it('shows what is stored meanwhile', async () => {
    const { store, run, url } = await serving();
    expect(await (await fetch(`${url}progress`)).text()).toContain('1 of 3 cells done');
    saveSolution(store, run, exampleSolution(cells[2]));
    expect(await (await fetch(`${url}progress`)).text()).toContain('2 of 3 cells done');
  });
});

describe('a report', () => {
  it('is made when it is asked for, and again when the store has changed', async () => {
    const { store, run, url } = await serving();
    const report = async () => (await fetch(`${url}report/example`)).text();
    const first = await report();
    expect(first).toContain('<title>example · Tweedie report</title>');
    expect(await report()).toBe(first);
    saveSolution(store, run, exampleSolution(cells[2]));
    expect(await report()).not.toBe(first);
    expect((await fetch(`${url}report/example%401`)).status).toBe(200);
    expect(first).toContain('<meta name="tweedie-cells" content="/cell/*">');
    expect(first).toContain('<a href="/cell/b"><code>b</code></a>');
  });

  it('of a cell is a page of its own', async () => {
    const { url } = await serving();
    expect(await (await fetch(`${url}cell/${KEY}`)).text()).toContain(
      '<h1>P2L on Super-resolution: test/0, seed 0</h1>',
    );
  });
});

describe('the server', () => {
  it.each([
    '/report/other',
    '/report/example@9',
    '/cell/ab',
    '/tweedie.sqlite',
    '/../tweedie.sqlite',
    '/report/..%2f..%2fetc%2fpasswd',
  ])('has nothing at %s', async (path) => {
    const { url } = await serving();
    const answer = await raw(url, path);
    expect([answer.statusCode, await text(answer)]).toEqual([404, 'nothing here\n']);
  });

  it('answers by its own name only, whatever a name has been made to mean', async () => {
    const { url } = await serving();
    expect((await raw(url, '/', { host: 'evil.example' })).statusCode).toBe(421);
    expect((await raw(url, '/', { host: `localhost:${new URL(url).port}` })).statusCode).toBe(200);
  });

  it('is for reading, to this machine: GET and HEAD', async () => {
    const { url } = await serving();
    expect(new URL(url).hostname).toBe('127.0.0.1');
    const posted = await fetch(url, { method: 'POST', body: 'x' });
    expect([posted.status, posted.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
    const head = await fetch(url, { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
    expect((await raw(url, '/%ff')).statusCode).toBe(400);
  });

  it('says that a port is taken', async () => {
    const { store, url } = await serving();
    const { port } = new URL(url);
    await expect(startServer(new Answers(store, async () => registries), Number(port))).rejects.toThrow(
      `--port ${port}: is in use`,
    );
  });
});

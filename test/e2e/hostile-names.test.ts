import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, it, vi } from 'vitest';
import { jsonText } from '../../harness/text/json.ts';
import { HOSTILE, unseen } from '../text/hostile.ts';
import { Workplace } from './cli.ts';

// The program starts several times, and each start loads the native libraries in several processes.
vi.setConfig({ testTimeout: 300_000 });

/** Half a surrogate pair has no canonical JSON: nothing can be called so. */
const NAMES = HOSTILE.filter((name) => !/\p{Cs}/u.test(name));

/** Three pictures, whose files are called by as many names at once as a file can. */
const FILES = [0, 1, 2].map((third) =>
  NAMES.filter((name, i) => i % 3 === third && name.length < 30 && !/[/\0]/.test(name)).join(' '),
);

const PLUGIN = `
import { definePrior, defineSolver, tf, z } from 'tweedie';

const shape = [3, 16, 16];
const names = ${jsonText(NAMES)};
const fail = () => { throw new Error(names.join(' ')); };

export default [
  definePrior({
    name: names[0], version: 1, description: '', params: z.object({}),
    inspect: async () => ({ imageShape: shape, weightsSha256: '0'.repeat(64), toy: true }),
    open: async () => ({ name: names[0], imageShape: shape, latentShape: shape, dispose() {} }),
  }),
  ...names.map((name) => defineSolver({
    name, version: 1, paper: name, requires: {},
    params: z.object({ fault: z.boolean().default(false), note: z.string().default(name) }),
    solve: async ({ y }, _prior, { fault }) => (fault ? fail() : tf.mul(y, 0.5)),
  })),
];
`;

it('names and messages of every kind run and reach no output as anything but text', async () => {
  const place = new Workplace();
  mkdirSync(join(place.dir, 'pictures'));
  const png = await sharp({ create: { width: 16, height: 16, channels: 3, background: 'teal' } })
    .png()
    .toBuffer();
  for (const name of FILES) writeFileSync(join(place.dir, 'pictures', `${name}.png`), png);
  writeFileSync(join(place.dir, 'hostile.js'), PLUGIN);
  const config = {
    name: 'hostile',
    plugins: ['hostile.js'],
    prior: NAMES[0],
    data: { folder: 'pictures', items: FILES.map((name) => `${name}.png`) },
    tasks: ['random-inpainting'],
    solvers: [...NAMES, ...NAMES.slice(0, 1).map((name) => ({ [name]: { fault: true } }))],
    batch: FILES.length,
    workers: 1,
    report: { baseline: NAMES[1] },
  };
  // JSON is YAML, and JSON has an escape for every character.
  writeFileSync(join(place.dir, 'hostile.yaml'), jsonText(config));

  const shown = (text: string) => unseen(text).filter((char) => char !== '\n');
  const { code, stdout, stderr } = await place.run('run', 'hostile.yaml');
  expect([code, shown(stdout), shown(stderr)]).toEqual([1, [], []]);
  expect(await place.status('hostile')).toMatchObject({
    done: FILES.length * (NAMES.length + 1),
    failed: FILES.length,
  });
  const { stdout: exported } = await place.run('export', 'hostile', '--columns', 'key,status');
  const failed = (JSON.parse(exported) as { key: string; status: string }[]).find(
    ({ status }) => status === 'failed',
  )!;
  for (const command of [
    ['plan', 'hostile.yaml'],
    ['plan', 'hostile.yaml', '--json'],
    ['status', 'hostile'],
    ['status', 'hostile', '--json'],
    ['show', 'hostile', failed.key],
    ['show', 'hostile', failed.key, '--json'],
    ['list', 'solvers', '--plugin', 'hostile.js'],
    ['export', 'hostile'],
    ['report', 'hostile', '--format', 'latex'],
    ['report', 'hostile', '--format', 'markdown'],
    ['report', 'hostile', '--format', 'csv'],
    ['rm', 'hostile'],
  ]) {
    const ended = await place.run(...command);
    expect([command, ended.code, shown(ended.stdout), ended.stderr]).toEqual([command, 0, [], '']);
  }
  for (const file of ['hostile.html', 'hostile.tex', 'hostile.md']) {
    const text = readFileSync(join(place.dir, 'reports', file), 'utf8');
    expect(unseen(text).filter((char) => !'\n\r\t'.includes(char))).toEqual([]);
  }
});

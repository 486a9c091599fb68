/** Inversion, editing, generation and translation, from an experiment file to a report. */
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, vi } from 'vitest';
import type { Manifest } from '../../harness/measured/manifest.ts';
import { Workplace } from './cli.ts';

vi.setConfig({ testTimeout: 300_000 });

const PLUGIN = fileURLToPath(new URL('./plugins/of-each-kind.js', import.meta.url));
const KEYS = {
  plugins: [PLUGIN],
  prior: 'embedded',
  data: { set: 'toyfaces', items: ['test/00000', 'test/00006', 'test/00008'] },
  seeds: [0],
  tasks: [
    'inversion',
    'trait-editing',
    'caption-generation',
    { 'trait-translation': { to: { hair: 'red' } } },
  ],
  solvers: ['round-trip', 'plain-invert', 'plain-edit', 'plain-generate', 'plain-translate'],
  metrics: ['psnr', 'preservation', 'trait-agreement', 'fid-toy'],
};

interface Row {
  solver: string;
  task: string;
  item: string;
  metric: string;
  value: number | string;
  status: string;
}

async function rowsOf(place: Workplace, name: string): Promise<Row[]> {
  return JSON.parse(await place.rows(name)) as Row[];
}

/** The texts below the pictures of a report's galleries. */
function words(place: Workplace, name: string): Set<string> {
  const report = readFileSync(join(place.dir, 'reports', `${name}.html`), 'utf8');
  return new Set([...report.matchAll(/<p class="words">([^<]*)</g)].map(([, text]) => text!));
}

it('methods of each kind are run, scored by what their kind is scored by, and shown with captions', async () => {
  const place = new Workplace();
  place.experiment('kinds', KEYS);
  const run = await place.run('run', 'kinds.yaml');
  expect([run.code, run.stderr]).toEqual([0, '']);
  expect(run.stdout).toContain(
    'note: trait-translation is posed on 1 of 3 pictures (left out: 2: does not show hair: black)',
  );
  const rows = await rowsOf(place, 'kinds');
  const metricsOf = (solver: string) =>
    new Set(rows.filter((row) => row.solver === solver).map(({ metric }) => metric));
  expect(metricsOf('round-trip')).toEqual(new Set(['psnr', 'fid-toy']));
  expect(metricsOf('plain-edit')).toEqual(new Set(['psnr', 'preservation', 'trait-agreement', 'fid-toy']));
  expect(metricsOf('plain-generate')).toEqual(new Set(['trait-agreement', 'fid-toy']));
  const edits = JSON.parse(
    (await place.run('export', 'kinds', '--wide', '--columns', 'key,task,item,asked')).stdout,
  ) as { key: string; task: string; item: string; asked: string | null }[];
  const askedOn = (task: string) => edits.filter((row) => row.task === task).map(({ asked }) => asked);
  expect(new Set(askedOn('inversion'))).toEqual(new Set([null]));
  for (const task of ['trait-editing', 'caption-generation', 'trait-translation'])
    for (const asked of askedOn(task)) expect(asked).toMatch(/^a .*(face|hair)/);
  const one = edits.find(({ task }) => task === 'trait-editing')!;
  expect((await place.run('show', one.key)).stdout).toContain(`asked: ${one.asked}\n`);
  const unchanged = rows.filter(
    ({ solver, metric }) => solver === 'unchanged picture' && metric === 'preservation',
  );
  expect(unchanged.map(({ value }) => value)).toEqual(Array(4).fill('Infinity'));

  const shown = words(place, 'kinds');
  expect(shown).toContain('a face with black hair');
  for (const text of [...shown].filter((one) => one !== 'a face with black hair'))
    expect(text).toMatch(/^a \w+ (bearded )?\w+ face looking .* lit from \w+$/);

  const again = await place.run('run', 'kinds.yaml', '--no-report');
  expect(again.stdout).toMatch(/(\d+) cells: \1 cached, 0 to do/);
});

it('lost pictures are made anew as they were, words included; a metric that comes later scores what is stored', async () => {
  const place = new Workplace();
  const edits = {
    ...KEYS,
    tasks: ['trait-editing', 'caption-generation'],
    solvers: ['plain-edit', 'plain-generate'],
  };
  place.experiment('edits', { ...edits, metrics: ['fid-toy', 'psnr'] });
  await place.run('run', 'edits.yaml');
  const before = { rows: await place.rows('edits'), words: words(place, 'edits') };
  rmSync(join(place.results, 'images'), { recursive: true });
  const mended = await place.run('run', 'edits.yaml');
  expect(mended.code).toBe(0);
  expect(mended.stdout).toContain('9 cached, 0 to do');
  expect({ rows: await place.rows('edits'), words: words(place, 'edits') }).toEqual(before);

  place.experiment('edits', { ...edits, metrics: ['fid-toy', 'psnr', 'preservation', 'trait-agreement'] });
  const scored = await place.run('run', 'edits.yaml', '--no-report');
  expect(scored.stdout).toContain('9 cached, 0 to do');
  const rows = await rowsOf(place, 'edits');
  expect(rows.filter(({ metric }) => metric === 'preservation')).toHaveLength(6);
  expect(rows.filter(({ metric }) => metric === 'trait-agreement')).toHaveLength(9);
});

it('what methods are given is written as files, words in the manifest', async () => {
  const place = new Workplace();
  place.experiment('one', {
    ...KEYS,
    tasks: [{ 'trait-editing': { giveMask: true } }, 'caption-generation'],
    solvers: ['plain-generate'],
  });
  expect(await place.run('measure', 'one.yaml', '--out', 'problems')).toMatchObject({ code: 0 });
  const { entries } = JSON.parse(readFileSync(join(place.dir, 'problems/manifest.json'), 'utf8')) as Manifest;
  const [edits, generated] = ['edit', 'generate'].map((kind) =>
    entries.filter((entry) => entry.kind === kind),
  );
  for (const { y, arrays, words, caption } of edits!) {
    expect(y).toMatch(/^measurements\//);
    expect(Object.keys(arrays)).toEqual(['mask']);
    expect(words!.caption).toBe(caption);
    expect(words!.target).not.toBe(caption);
  }
  for (const entry of generated!)
    expect(entry).toMatchObject({ y: null, picture: null, words: { caption: entry.caption } });
});

it.each([
  [{ 'trait-editing': { change: { background: 'teal' } } }, 'plain-edit', 'preservation', 'Infinity'],
  ['caption-generation', 'plain-generate', 'fid-toy', 0],
])(
  'pictures that were made elsewhere of what is measured are a method: the truths of %o',
  async (task, solver, metric, best) => {
    const place = new Workplace();
    const keys = { ...KEYS, tasks: [task], metrics: [metric] };
    place.experiment('one', { ...keys, solvers: [solver] });
    expect(await place.run('measure', 'one.yaml', '--out', 'problems')).toMatchObject({ code: 0 });
    const told = await place.run(
      ...['import', 'problems/truths', '--as', 'oracle', '--citation', 'Nobody', '--out', 'oracle.yaml'],
    );
    expect([told.code, told.stderr]).toEqual([0, '']);
    place.experiment('two', { ...keys, plugins: ['oracle.yaml'], solvers: ['oracle'] });
    expect(await place.run('run', 'two.yaml', '--no-report')).toMatchObject({ code: 0 });
    const values = (await rowsOf(place, 'two'))
      .filter(({ solver }) => solver === 'oracle')
      .map(({ value }) => value);
    expect(values.length).toBeGreaterThan(0);
    for (const value of values)
      expect(best === 0 ? Math.abs(Number(value)) < 1e-3 : value === best, String(value)).toBe(true);
  },
);

import { createHash } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { metrics } from '../../harness/metrics/index.ts';
import { builtIn } from '../../harness/plan/built-in.ts';
import { csvTables } from '../../harness/report/csv.ts';
import { fromStore } from '../../harness/report/from-store.ts';
import { renderPage } from '../../harness/report/html/page.ts';
import { terminalTable } from '../../harness/report/index.ts';
import { latexTables } from '../../harness/report/latex.ts';
import { markdownTables } from '../../harness/report/markdown.ts';
import type { Solver } from '../../harness/solvers/solver.ts';
import type { CellRecord } from '../../harness/store/records.ts';
import { registerExperiment } from '../../harness/store/register.ts';
import type { Store } from '../../harness/store/store.ts';
import { tracePath, tracePicturePath } from '../../harness/store/trace-file.ts';
import { saveFailure, saveSolution, startRun } from '../../harness/store/writes.ts';
import {
  exampleCell,
  exampleExperiment,
  exampleRun,
  exampleSolution,
  temporaryStore,
} from '../store/example.ts';

const p2l: Solver = {
  name: 'p2l',
  version: 1,
  paper: 'arXiv 2310.01110',
  requires: {},
  params: z.object({}),
  solve: () => Promise.reject(new Error('not run here')),
};
const known = {
  solvers: new Map([[p2l.name, p2l]]),
  tasks: new Map(),
  metrics: new Map(metrics.map((metric) => [metric.name, metric])),
};
const date = new Date('2026-11-21T00:00:00Z');

const solved = exampleCell({ key: 'solved' });
const baseline = exampleCell({
  key: 'baseline',
  method: { kind: 'baseline', name: 'bicubic', title: 'bicubic', params: {}, prior: null },
});
const failed = exampleCell({ key: 'failed', item: 'test/1' });
const waiting = exampleCell({ key: 'waiting', item: 'test/2' });

function storeWith(done: readonly CellRecord[]): Store {
  const store = temporaryStore();
  const cells = [solved, baseline, failed, waiting];
  registerExperiment(
    store,
    exampleExperiment(cells, {
      report: { baseline: 'p2l', charts: [{ kind: 'sweep', x: 'p2l.steps', y: ['psnr'] }] },
    }),
  );
  const run = startRun(store, 'example', exampleRun);
  for (const cell of done) saveSolution(store, run, exampleSolution(cell));
  saveFailure(store, { cellKey: 'failed', kind: 'timeout', message: 'too slow', logTail: '' });
  return store;
}

describe('a report from the store', () => {
  it('knows the methods, the settings and the metrics', () => {
    const source = fromStore(storeWith([solved, baseline]), 'example', known, date);
    expect(source.methods).toEqual([
      { ...solved.method, paper: 'arXiv 2310.01110', priorName: 'embedded', group: null },
      { ...baseline.method, paper: '', priorName: null, group: null },
    ]);
    expect(source.settings).toMatchObject([{ key: solved.setting.key, title: 'Super-resolution' }]);
    expect(source.metrics).toEqual([
      { name: 'psnr', title: 'PSNR', better: 'higher', digits: 2, unit: 'dB' },
    ]);
    expect(source).toMatchObject({ baseline: 'p2l', charts: [{ x: 'p2l.steps', y: ['psnr'] }] });
  });

  it('says what has seen the pictures before, where a plan knew', () => {
    const store = storeWith([solved]);
    expect(fromStore(store, 'example', known, date).seen).toEqual([]);
    const report = { baseline: null, charts: [], seen: ['a prior'] };
    registerExperiment(store, exampleExperiment([solved], { report }));
    expect(fromStore(store, 'example', known, date).seen).toEqual(['a prior']);
  });

  it('calls a method what the experiment calls it', () => {
    const store = storeWith([solved]);
    const report = { baseline: null, charts: [], labels: { [solved.method.key]: 'ours, 5 updates' } };
    registerExperiment(store, exampleExperiment([solved], { report }));
    const [method] = fromStore(store, 'example', known, date).methods;
    expect(method).toMatchObject({ name: 'p2l', title: 'ours, 5 updates' });
  });

  it('says of a mean of draws that it is one', () => {
    const mean = exampleCell({ key: 'solved', method: { params: { meanOfDraws: 8 } } });
    const store = temporaryStore();
    registerExperiment(store, exampleExperiment([mean]));
    saveSolution(store, startRun(store, 'example', exampleRun), exampleSolution(mean));
    const [method] = fromStore(store, 'example', known, date).methods;
    expect(method!.title).toBe('P2L, mean of 8 draws');
  });

  it('groups a method as its plan has it, and has the other experiments that its tables name', () => {
    const store = storeWith([solved, baseline]);
    const table = {
      ...{ title: null, tasks: null, metrics: null, methods: null },
      ...{ groups: true, intervals: false, footnotes: [] },
      experiments: ['mine', 'example', 'example@1', 'not run'],
    };
    const report = {
      ...{ baseline: null, charts: [], tables: [table] },
      groups: { [solved.method.key]: 'latent' as const },
    };
    registerExperiment(store, { ...exampleExperiment([solved], { report }), name: 'mine' });
    const source = fromStore(store, 'mine', known, date);
    expect(source.methods.map(({ group }) => group)).toEqual(['latent']);
    expect(source.tables).toEqual([table]);
    expect([...source.others.keys()]).toEqual(['example', 'example@1']);
    expect(source.others.get('example')!.methods).toHaveLength(2);
  });

  it('counts what is planned, done and failed', () => {
    const source = fromStore(storeWith([solved, baseline]), 'example', known, date);
    expect(source.cells).toEqual({ planned: 4, done: 2 });
    expect(source.failures).toMatchObject([{ kind: 'timeout', item: 'test/1', message: 'too slow' }]);
  });

  it('carries provenance, costs and the toy label', () => {
    const source = fromStore(storeWith([solved, baseline]), 'example', known, date);
    expect(source.priors).toEqual([{ name: 'embedded', toy: true, weightsSha256: 'w1' }]);
    expect(source.runs).toMatchObject([{ machine: 'here', devices: ['cpu'], git: null, endedAt: null }]);
    expect(source.costs).toContainEqual(
      expect.objectContaining({ method: solved.method.key, secondsPerImage: 2, calls: { unetForward: 100 } }),
    );
  });

  it('becomes a page with the stored pictures, and says which it cannot show', async () => {
    const store = storeWith([solved, baseline]);
    const pixel = Buffer.from(
      'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
      'base64',
    );
    const source = fromStore(store, 'example', known, date);
    const images = source.images.map((image) => ({
      ...image,
      sha256: createHash('sha256').update(pixel).digest('hex'),
    }));
    for (const { path } of images) {
      mkdirSync(dirname(join(store.dir, path)), { recursive: true });
      writeFileSync(join(store.dir, path), pixel);
    }
    const [truth, measurement] = images;
    rmSync(join(store.dir, measurement!.path));
    writeFileSync(join(store.dir, truth!.path), 'another picture');
    const page = await renderPage({ ...source, images });
    expect(page.split(`class="pixels" alt="`)).toHaveLength(1 + 2);
    expect(page).toContain('alt="P2L of test/0"');
    expect(page).toContain(
      `No picture: ${truth!.path}: damaged in ${store.dir} (its sha256 is another); tweedie run makes it again; ` +
        `${measurement!.path}: missing in ${store.dir}; tweedie run makes it again.`,
    );
  });

  it('leaves out the numbers of a metric whose plug-in is gone, and says so', async () => {
    const store = storeWith([solved, baseline]);
    const gone = { ...known, metrics: new Map() };
    const source = fromStore(store, 'example', gone, date);
    expect(source).toMatchObject({ rows: [], metrics: [], unknownMetrics: ['psnr'] });
    const note = 'psnr is not shown: the plug-in that has it does not load';
    expect(terminalTable(source, { styled: false, columns: 80 })).toContain(note);
    expect(await renderPage(source)).toContain(note);
    expect(markdownTables(source)).toContain(note);
    expect(latexTables(source) + csvTables(source)).not.toContain('undefined');
  });

  it('has of each method and setting the first cell with a trace, be it a failed one', async () => {
    const store = storeWith([solved, baseline]);
    expect(fromStore(store, 'example', known, date).traces).toEqual([]);
    for (const [cell, loss] of [
      ['failed', [3, 2, null]],
      ['waiting', [9, 9, 9]],
    ] as const) {
      const file = join(store.dir, tracePath(cell));
      mkdirSync(dirname(file), { recursive: true });
      const pairs = loss.map((value, i) => [i + 1, value]);
      writeFileSync(
        file,
        JSON.stringify({ format: 1, steps: 3, scalars: { loss: pairs }, pictures: { x0: [1, 3] } }),
      );
    }
    writeFileSync(join(store.dir, tracePicturePath('failed', 'x0', 3)), 'a picture');
    const source = fromStore(store, 'example', known, date);
    expect(source.traces).toMatchObject([{ cell: 'failed', item: 'test/1', title: 'P2L' }]);
    const page = await renderPage(source);
    expect(page).toContain('aria-label="loss: 3 to 2; least 2, most 3; not finite from step 3"');
    expect(page.split('alt="x0 at step 3"')).toHaveLength(2);
    expect(page).not.toContain('x0 at step 1');
    writeFileSync(join(store.dir, tracePath('failed')), '{ half of');
    expect(await renderPage(source)).not.toContain('class="trace"');
  });

  it('reads the papers that the experiment names; one that is gone costs its figures alone', () => {
    const store = storeWith([solved, baseline]);
    const named = { baseline: null, charts: [], published: ['dps-2023', '/gone/mine.yaml'] };
    const cells = [solved, baseline];
    registerExperiment(store, exampleExperiment(cells, { report: named }));
    const { papers, problems } = fromStore(store, 'example', { ...known, ...builtIn }, date).published;
    expect(papers.map(({ id, figures }) => [id, figures.length])).toEqual([['dps-2023', 252]]);
    expect(problems).toEqual(['no published figures of /gone/mine.yaml: /gone/mine.yaml: no such file']);
  });

  it('refuses an experiment without results, in words for the user', () => {
    expect(() => fromStore(storeWith([]), 'example', known, date)).toThrow(
      'experiment "example" has no results yet',
    );
  });
});

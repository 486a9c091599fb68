import { parquetMetadataAsync, parquetReadObjects, parquetSchema } from 'hyparquet';
import { describe, expect, it } from 'vitest';
import { metricColumn } from '../../harness/export/columns.ts';
import { type ExportFormat, exportFormats } from '../../harness/export/formats.ts';
import { longTable, wideTable } from '../../harness/export/rows.ts';
import { chosen, type Table } from '../../harness/export/table.ts';
import { missingSetScores } from '../../harness/store/configurations.ts';
import { registerExperiment } from '../../harness/store/register.ts';
import type { Store } from '../../harness/store/store.ts';
import { saveFailure, saveSetScore, saveSolution, startRun } from '../../harness/store/writes.ts';
import {
  exampleCell,
  exampleExperiment,
  exampleMethod,
  exampleRun,
  exampleSolution,
  psnr,
  temporaryStore,
} from '../store/example.ts';

const ssim = { ...psnr, name: 'ssim' };
const fid = { ...psnr, name: 'fid', level: 'set' } as const;
const prompted = { ...exampleMethod, name: 'ldps', params: { prompt: { from: 'caption' }, steps: 10 } };
const [a, b] = [exampleCell({ key: 'a' }), exampleCell({ key: 'b', item: 'test/1' })];
const c = exampleCell({ key: 'c', method: prompted });
const d = exampleCell({ key: 'd', method: prompted, item: 'test/1' });
const FINISHED = '2026-11-21T00:01:00.000Z';
const words = {
  captionOf: async (dataset: string, item: string) => `${item} of ${dataset}`,
  askedOf: (kind: string, truth: string) => `${kind}: ${truth}`,
};

/** Two cells solved, whose set has a number; of another method one failed, one to do. */
function filled(): Store {
  const store = temporaryStore();
  registerExperiment(store, exampleExperiment([a, b, c, d], { metrics: [psnr, ssim, fid] }));
  const run = startRun(store, 'example', exampleRun);
  const score = (metric: string, value: number) => ({
    metric,
    version: 1,
    protocol: { range: 255 },
    value,
  });
  const counters = { unetForward: 100, decoder: 2, peakMemoryMiB: 512 };
  saveSolution(
    store,
    run,
    exampleSolution(a, { counters, scores: [score('psnr', 20.5), score('ssim', 0.5)] }),
    FINISHED,
  );
  saveSolution(store, run, exampleSolution(b, { counters, scores: [score('psnr', Infinity)] }), FINISHED);
  saveFailure(store, { cellKey: 'c', kind: 'nan', message: 'NaN at step 3', logTail: '' });
  for (const { key, metric } of missingSetScores(store, 'example')) {
    const { name, version, protocol } = metric;
    saveSetScore(store, {
      ...{ key, metric: name, version, protocol, value: 7, standardError: 0.5 },
      ...{ replicates: [6, 8], warnings: ['few'] },
    });
  }
  return store;
}

/** What a flat file holds of a row. */
function flat(row: Record<string, unknown>) {
  const isMapping = (value: unknown) => value !== null && typeof value === 'object';
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name, isMapping(value) ? JSON.stringify(value) : value]),
  );
}

/** JSON has neither 64-bit integers nor infinity. */
function asInJson(row: Record<string, unknown>) {
  const plain = (value: unknown) =>
    typeof value === 'bigint' ? Number(value) : value === Infinity ? 'Infinity' : value;
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, plain(value)]));
}

async function bytesOf(table: Table, format: ExportFormat): Promise<Uint8Array> {
  const chunks = [];
  for await (const chunk of exportFormats[format](table)) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

async function rowsOf(table: Table): Promise<Record<string, unknown>[]> {
  return JSON.parse(Buffer.from(await bytesOf(table, 'json')).toString());
}

const long = () => longTable(filled(), 'example', words);
const wide = () => wideTable(filled(), 'example', words);

describe('one row a number', () => {
  it('has those of pictures in the order of the plan, a cell without one, then those of sets', async () => {
    const rows = await rowsOf(long());
    expect(rows.map(({ key, metric, value, status }) => [key, metric, value, status])).toEqual([
      ['a', 'psnr', 20.5, 'done'],
      ['a', 'ssim', 0.5, 'done'],
      ['b', 'psnr', 'Infinity', 'done'],
      ['c', null, null, 'failed'],
      ['d', null, null, 'todo'],
      [null, 'fid', 7, null],
    ]);
    expect(rows.at(-1)).toMatchObject({ images: 2, seeds: 1, standardError: 0.5, replicates: [6, 8] });
  });

  it('says of a cell what it is, what it took and where its pictures lie', async () => {
    const [row] = await rowsOf(long());
    expect(row).toMatchObject({
      ...{ experiment: 'example', solver: 'p2l', title: 'P2L', kind: 'solver', prior: 'embedded', toy: true },
      ...{ params: { steps: 50 }, 'params.steps': 50, task: 'super-resolution', 'taskParams.factor': 8 },
      ...{ dataset: 'toyfaces', item: 'test/0', seed: 0, caption: 'test/0 of toyfaces', captions: false },
      ...{ asked: 'restore: images/truth-test/0.png' },
      ...{ seconds: 2, steps: 50, networkCalls: 102, 'calls.unetForward': 100, peakMemoryMiB: 512 },
      ...{ device: 'cpu', host: 'here', started: exampleRun.started, batchSize: 1, failure: null },
      ...{ result: 'images/restored-a.png', truth: 'images/truth-test/0.png' },
      ...{ given: 'images/measurement-test/0.png', resultArray: 'tensors/a.safetensors' },
    });
  });

  it('says why a cell failed', async () => {
    const failed = (await rowsOf(long())).find(({ key }) => key === 'c');
    expect(failed).toMatchObject({ failure: 'nan', reason: 'NaN at step 3', attempts: 1, seconds: null });
    expect(failed).toMatchObject({
      captions: true,
      networkCalls: null,
      'params.prompt': { from: 'caption' },
    });
  });

  it('has every column in every row, in the order of the columns', async () => {
    const { columns } = long();
    for (const row of await rowsOf(long())) expect(Object.keys(row)).toEqual(columns.map(({ name }) => name));
  });

  it('keeps the columns that earlier versions had, in their places', () => {
    const names = long().columns.map(({ name }) => name);
    expect(names.slice(0, 16).join()).toBe(
      'solver,params,task,taskParams,dataset,item,seed,metric,version,protocol,value,standardError,methodKey,prior,kind,captions',
    );
    expect(names).toEqual([...new Set(names)]);
  });
});

it('one row a cell has each metric of pictures as a column', async () => {
  const rows = await rowsOf(wide());
  expect(rows.map(({ key, psnr, ssim }) => [key, psnr, ssim])).toEqual([
    ['a', 20.5, 0.5],
    ['b', 'Infinity', null],
    ['c', null, null],
    ['d', null, null],
  ]);
  expect(rows[0]).not.toHaveProperty('fid');
  expect(rows[0]).not.toHaveProperty('metric');
});

it('a metric that is called as another column is called by its place too', () => {
  expect([metricColumn('psnr').name, metricColumn('seconds').name]).toEqual(['psnr', 'metric.seconds']);
});

describe('a format', () => {
  it('csv has parameters as JSON and nothing for null', async () => {
    const table = chosen(long(), ['item', 'params', 'params.steps', 'value', 'captions']);
    expect(Buffer.from(await bytesOf(table, 'csv')).toString()).toBe(
      [
        'item,params,params.steps,value,captions',
        'test/0,"{""steps"":50}",50,20.5,false',
        'test/0,"{""steps"":50}",50,0.5,false',
        'test/1,"{""steps"":50}",50,Infinity,false',
        'test/0,"{""prompt"":{""from"":""caption""},""steps"":10}",10,,true',
        'test/1,"{""prompt"":{""from"":""caption""},""steps"":10}",10,,true',
        ',"{""steps"":50}",50,7,false',
        '',
      ].join('\n'),
    );
  });

  it('jsonl is the rows of json, a line each', async () => {
    const lines = Buffer.from(await bytesOf(long(), 'jsonl')).toString();
    expect(
      lines
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual(await rowsOf(long()));
  });

  it('parquet holds the same rows, with types that do not hang on the values', async () => {
    const file = Uint8Array.from(await bytesOf(long(), 'parquet')).buffer;
    const rows = await parquetReadObjects({ file });
    expect(rows.map(asInJson)).toEqual((await rowsOf(long())).map(flat));
    const { children } = parquetSchema(await parquetMetadataAsync(file));
    const types = new Map(children.map(({ element }) => [element.name, element.type]));
    expect(['seed', 'value', 'toy', 'params', 'params.steps'].map((name) => types.get(name))).toEqual([
      ...['INT64', 'DOUBLE', 'BOOLEAN', 'BYTE_ARRAY', 'DOUBLE'],
    ]);
  });
});

it('a column that there is not is refused with the nearest', () => {
  expect(() => chosen(long(), ['item', 'sede'])).toThrow(
    '--columns: unknown column "sede": did you mean "seed"?',
  );
});

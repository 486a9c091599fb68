/** The published figures that ship: which there are, and what is refused in a file of one's own. */
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { builtIn } from '../../harness/plan/built-in.ts';
import type { Paper } from '../../harness/published/paper.ts';
import { readPaper, shippedPapers } from '../../harness/published/read.ts';

/** Made once of the collection that the files were written from: a figure that is mistyped by hand changes its paper's hash. */
const DIGESTS: Record<string, { figures: number; sha256: string }> = JSON.parse(
  readFileSync('test/fixtures/published/digests.json', 'utf8'),
);

function digest({ figures }: Paper) {
  const lines = figures.map(({ table, datasetAsPrinted, taskAsPrinted, method, metric, value }) =>
    [table, datasetAsPrinted, '', taskAsPrinted, method, metric, value].join(' | '),
  );
  // By code points, as the collection's lines were sorted.
  const sorted = lines.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  return {
    figures: figures.length,
    sha256: createHash('sha256').update(sorted.join('\n')).digest('hex'),
  };
}

describe('the papers that ship', () => {
  it('are those of the collection, each with all its figures as printed', () => {
    const found = shippedPapers().map((id) => [id, digest(readPaper(id, builtIn))]);
    expect(Object.fromEntries(found)).toEqual(DIGESTS);
  });

  it('hold 1,444 figures', () => {
    expect(shippedPapers().flatMap((id) => readPaper(id, builtIn).figures)).toHaveLength(1444);
  });

  it('say unknown where no text says more', () => {
    const [figure] = readPaper('p2l-2024', builtIn).figures;
    expect(figure).toMatchObject({
      dataset: 'imagenet',
      resolution: 512,
      task: 'free-form-inpainting',
      solver: 'p2l',
      own: true,
      family: 'psnr',
      value: 21.99,
      nfe: 'unknown',
      protocol: {
        pictures: 1000,
        noise: 'unknown',
        noiseScale: 'unknown',
        lpipsNet: 'unknown',
        bestOf: 'unknown',
      },
    });
  });

  it('an unknown id names the nearest', () => {
    expect(() => readPaper('dps-2032', builtIn)).toThrow(
      'unknown paper "dps-2032": did you mean "dps-2023"?',
    );
  });
});

const MINE = `paper: { title: Mine, label: Mine, arxiv: unknown, venue: unknown }
firstHand: true
sources: [my notes]
methods:
  DPS: { solver: dps, nfe: 100 }
metrics:
  PSNR: { metric: psnr }
tables:
  - table: Table 1
    dataset: ffhq
    datasetAsPrinted: FFHQ
    resolution: 256
    task: super-resolution
    taskAsPrinted: SR x4
    params: { factor: 4 }
    metrics: [PSNR]
    figures:
      DPS: [25.1]
`;

describe("a file of one's own", () => {
  const file = join(mkdtempSync(join(tmpdir(), 'published-')), 'mine.yaml');
  const read = (...changes: (readonly [string, string])[]) => {
    const text = changes.reduce((whole, [from, to]) => {
      expect(whole).toContain(from);
      return whole.replace(from, to);
    }, MINE);
    writeFileSync(file, text);
    return readPaper(file, builtIn);
  };

  it('is read as those that ship', () => {
    const { id, figures } = read();
    expect([id, figures]).toMatchObject([
      'mine',
      [{ method: 'DPS', nfe: 100, value: 25.1, source: 'my notes' }],
    ]);
  });

  it('has all its mistakes said at once, keys inside of methods and metrics too', () => {
    const wrong = () =>
      read(
        ['firstHand: true', 'firstHand: tru'],
        ['solver: dps', 'solver: dsp'],
        ['metric: psnr', 'metrc: psnr'],
        ['task: super-resolution', 'task: superresolution'],
        ['DPS: [25.1]', 'DPX: [25.1]'],
      );
    const said = (() => {
      try {
        wrong();
      } catch (error) {
        return (error as Error).message.split('\n').map((line) => line.slice(file.length));
      }
      return [];
    })();
    expect(said).toEqual([
      ':2:12: firstHand: expected true or false, found "tru"',
      expect.stringMatching(/^:5:18: unknown solver "dsp": did you mean "/),
      ':7:11: unknown key "metrc" of metrics.PSNR: did you mean "metric"?',
      ':13:11: unknown task "superresolution": did you mean "super-resolution"?',
      expect.stringMatching(/^:18:12: unknown method among this file's "DPX": did you mean "DPS"\?/),
    ]);
  });

  it.each<[string, readonly [string, string], string]>([
    ['an unknown solver', ['solver: dps', 'solver: dsp'], ':5:18: unknown solver "dsp": did you mean "'],
    [
      'an unknown task',
      ['super-resolution', 'superresolution'],
      ':13:11: unknown task "superresolution": did you mean "super-resolution"?',
    ],
    [
      'an unknown constant of the task',
      ['factor: 4', 'facter: 4'],
      ':15:23: unknown parameter of super-resolution "facter": did you mean "factor"?',
    ],
    [
      'an unknown metric',
      ['metric: psnr', 'metric: pnsr'],
      ':7:19: metrics.PSNR.metric: unknown value "pnsr", did you mean "psnr"?',
    ],
    [
      'a metric that only a table names',
      ['metrics: [PSNR]', 'metrics: [PSNRS]'],
      `:16:15: unknown metric among this file's "PSNRS": did you mean "PSNR"?`,
    ],
    [
      'a method that only a table names',
      ['DPS: [25.1]', 'DPX: [25.1]'],
      `:18:12: unknown method among this file's "DPX": did you mean "DPS"?`,
    ],
    [
      'a row of another length',
      ['[25.1]', '[25.1, 0.8]'],
      ':18:12: figures.DPS: found 2 values; expected one for each of the 1 metrics, null where there is none',
    ],
    [
      'a number that is text',
      ['[25.1]', '[about 25]'],
      ':18:13: tables.0.figures.DPS.0: expected a number, found "about 25"',
    ],
    ['an unknown key', ['resolution:', 'resolutoin:'], ':12:5: unknown key "resolutoin" of tables'],
  ])('%s: refused at its place', (_, change, message) => {
    expect(() => read(change)).toThrow(`${file}${message}`);
  });

  it('tells all mistakes at once', () => {
    expect(() => read(['solver: dps', 'solver: dsp'], ['factor: 4', 'facter: 4'])).toThrow(
      /dsp[\s\S]*\n.*facter/,
    );
  });
});

import { cpSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it, vi } from 'vitest';
import type { Manifest } from '../../harness/measured/manifest.ts';
import { hearSteps, Workplace } from './cli.ts';

// Each test starts the program several times.
vi.setConfig({ testTimeout: 300_000 });

const KEYS = {
  data: { set: 'toyfaces', split: 'test', count: 3 },
  tasks: ['random-inpainting'],
  metrics: ['psnr'],
};

/** A workplace with the experiment `one`, its problems measured. */
async function measured(): Promise<{ place: Workplace; manifest: Manifest }> {
  const place = new Workplace();
  place.experiment('one', { ...KEYS, solvers: [] });
  expect(await place.run('measure', 'one.yaml', '--out', 'problems')).toMatchObject({ code: 0 });
  const manifest = JSON.parse(readFileSync(join(place.dir, 'problems/manifest.json'), 'utf8'));
  return { place, manifest };
}

/** A float32 .npy's values, behind its header. */
function arrayOf(place: Workplace, path: string): Float32Array {
  const bytes = readFileSync(join(place.dir, 'problems', path));
  const start = 10 + bytes.readUInt16LE(8);
  return Float32Array.from({ length: (bytes.length - start) / 4 }, (_, i) =>
    bytes.readFloatLE(start + 4 * i),
  );
}

/** What somebody else's program does: reads y and the mask, makes missing pixels grey, writes a picture. */
async function restore(place: Workplace, { entries }: Manifest): Promise<void> {
  for (const { y: path, arrays, name, imageShape } of entries) {
    const [y, mask] = [arrayOf(place, path!), arrayOf(place, arrays.mask!)];
    const [, height, width] = imageShape;
    const area = height * width;
    const pixels = Uint8Array.from({ length: 3 * area }, (_, i) => {
      const at = Math.floor(i / 3);
      const value = mask[at] === 1 ? y[(i % 3) * area + at]! : 0;
      return Math.round(Math.min(255, Math.max(0, 127.5 * (value + 1))));
    });
    const file = pictureOf(place, name);
    mkdirSync(dirname(file), { recursive: true });
    await sharp(pixels, { raw: { width, height, channels: 3 } })
      .png()
      .toFile(file);
  }
}

const pictureOf = (place: Workplace, name: string) => join(place.dir, 'problems/results/grey', `${name}.png`);

/** The experiment `two`: a solver and the imported pictures. */
function experimentWithImported(place: Workplace): void {
  place.experiment('two', {
    ...KEYS,
    plugins: [Workplace.plugin, 'grey.yaml'],
    solvers: [{ arithmetic: { gain: [0.2, 0.5], steps: 5 } }, 'grey'],
  });
}

const IMPORT = [
  'import',
  'problems/results/grey',
  '--as',
  'grey',
  '--citation',
  'Nobody',
  '--out',
  'grey.yaml',
];

interface Row {
  solver: string;
  item: string;
  seed: number;
  metric: string;
  value: number;
  /** JSON. */
  protocol: string;
}

const rowsOf = async (place: Workplace, solver: string): Promise<Row[]> =>
  (JSON.parse(await place.rows('two')) as Row[]).filter((row) => row.solver === solver);

describe('pictures made elsewhere of measured problems', () => {
  it('are rows of a table, with the very numbers and protocol of tweedie evaluate', async () => {
    const { place, manifest } = await measured();
    await restore(place, manifest);
    const told = await place.run(...IMPORT);
    expect(told).toMatchObject({ code: 0, stderr: '' });
    expect(told.stdout).toMatch(/^6 of 6 problems have a picture\nwritten to grey\.yaml/);
    experimentWithImported(place);
    const run = await place.run('run', 'two.yaml', '--no-report');
    expect(run.code).toBe(0);
    expect(run.stdout).toMatch(/grey +3 × 2 /);

    const rows = await rowsOf(place, 'grey');
    expect(rows).toHaveLength(6);
    const folder = `${manifest.entries[0]!.name.split('/')[0]}/seed-1`;
    const evaluated = await place.run(
      ...['evaluate', '--generated', `problems/results/grey/${folder}`],
      ...['--reference', `problems/truths/${folder}`, '--metrics', 'psnr', '--json'],
    );
    const { metrics, pairs } = JSON.parse(evaluated.stdout);
    for (const { item, protocol, value } of rows.filter(({ seed }) => seed === 1)) {
      expect(JSON.parse(protocol)).toEqual(metrics[0].protocol);
      const pair = pairs.find(({ name }: { name: string }) => name === item.replace('/', '-'));
      expect(value).toBe(pair.values.psnr);
    }
  });

  it('are the same rows after five kills', async () => {
    const { place, manifest } = await measured();
    await restore(place, manifest);
    await place.run(...IMPORT);
    experimentWithImported(place);
    const run = (results: string) => ['run', 'two.yaml', '--no-report', '--results', results];
    expect(await place.run(...run('undisturbed'))).toMatchObject({ code: 0 });

    const moments = Array.from({ length: 5 }, () => 1 + Math.floor(Math.random() * 8));
    for (const moment of moments) {
      let steps = 0;
      const env = await hearSteps(() => {
        if (++steps === moment) started.process.kill('SIGKILL');
      });
      const started = place.start(run('killed'), env);
      expect((await started.ended).signal, `killed at steps ${moments}`).toBe('SIGKILL');
    }
    expect(await place.run(...run('killed'))).toMatchObject({ code: 0 });
    const rows = await place.rows('two', 'killed');
    expect(rows, `killed at steps ${moments}`).toBe(await place.rows('two', 'undisturbed'));
    expect(JSON.parse(rows).filter(({ solver }: Row) => solver === 'grey')).toHaveLength(6);
  });

  it('that are missing are failed cells with the file that was expected; added or changed, they are scored anew', async () => {
    const { place, manifest } = await measured();
    await restore(place, manifest);
    const [first, second] = manifest.entries;
    const kept = readFileSync(pictureOf(place, first!.name));
    rmSync(pictureOf(place, first!.name));
    expect((await place.run(...IMPORT)).stdout).toMatch(
      `5 of 6 problems have a picture\nmissing (failed cells of a run): ${first!.name}.png\n`,
    );
    experimentWithImported(place);
    const run = await place.run('run', 'two.yaml', '--no-report');
    expect(run.code).toBe(1);
    expect(run.stderr).toContain(
      `failed (missing-picture): grey on random-inpainting, test/00000, seed 0: grey: ${first!.name}.png is missing in `,
    );
    expect(run.stderr).toContain(
      '1 cell failed (1 missing-picture); once the pictures are there: tweedie run two.yaml\n',
    );
    expect(await place.status('two')).toMatchObject({ failed: 1, failures: { 'missing-picture': 1 } });

    await sharp(kept).toFile(pictureOf(place, first!.name));
    await sharp(kept).negate().toFile(pictureOf(place, second!.name));
    const before = await rowsOf(place, 'grey');
    const solvedBefore = await rowsOf(place, 'arithmetic');
    expect((await place.run('run', 'two.yaml', '--no-report')).code).toBe(0);
    const after = await rowsOf(place, 'grey');
    expect(after).toHaveLength(6);
    const psnrOf = (rows: Row[], { id, seed }: typeof first & object) =>
      rows.find((row) => row.item === id && row.seed === seed)!.value;
    expect(psnrOf(after, second!)).toBeLessThan(psnrOf(before, second!));
    expect(await rowsOf(place, 'arithmetic')).toEqual(solvedBefore);
  });

  it('are refused by name where their size is another', async () => {
    const { place, manifest } = await measured();
    await restore(place, manifest);
    const file = pictureOf(place, manifest.entries[0]!.name);
    await sharp(readFileSync(file)).resize(32, 64).toFile(file.replace('.png', '.small.png'));
    await sharp(file.replace('.png', '.small.png')).toFile(file);
    const { code, stderr } = await place.run(...IMPORT);
    expect(code).toBe(2);
    expect(stderr).toMatch(/test-00000\.png: is 32x64, its truth 16x16: expected equal sizes\n$/);
  });
});

describe('blind results made elsewhere', () => {
  it('are rows with the numbers of their kernels, and tweedie check says whether all are there', async () => {
    const place = new Workplace();
    const keys = {
      ...KEYS,
      data: { ...KEYS.data, count: 1 },
      seeds: [0],
      tasks: [{ 'blind-motion-deblurring': { kernelSize: 5 } }],
      metrics: ['psnr', 'kernel-error'],
    };
    place.experiment('one', { ...keys, solvers: [] });
    expect(await place.run('measure', 'one.yaml', '--out', 'problems')).toMatchObject({ code: 0 });
    const truths = join(place.dir, 'problems/truths');
    cpSync(truths, join(place.dir, 'problems/results/perfect'), { recursive: true });
    await place.run('import', 'problems/results/perfect', '--as', 'perfect', '--out', 'perfect.yaml');
    expect(await place.run('check', 'perfect.yaml')).toMatchObject({
      code: 0,
      stdout:
        '✓ perfect has a picture of each measured problem of its kind\n' +
        '✓ perfect has pictures that can be read, of the sizes of their truths\n',
    });

    place.experiment('two', { ...keys, plugins: [Workplace.plugin, 'perfect.yaml'], solvers: ['perfect'] });
    expect(await place.run('run', 'two.yaml', '--no-report')).toMatchObject({ code: 0 });
    const rows = await rowsOf(place, 'perfect');
    expect(rows.find(({ metric }) => metric === 'kernel-error')!.value).toBeCloseTo(0, 6);
  });
});

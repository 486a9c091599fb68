import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import yargs, { type CommandModule } from 'yargs';
import command from '../../harness/cli/dataset.ts';
import { toyfaces } from '../../harness/data/toyfaces.ts';
import { readPicture, writePng } from '../../harness/pictures/picture-file.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tweedie-dataset-'));
});

/** Runs `tweedie dataset ...` and returns what it printed. */
async function dataset(...words: string[]): Promise<string> {
  const log = vi.spyOn(console, 'log').mockImplementation(() => {});
  try {
    await yargs(['dataset', ...words])
      .option('results', { type: 'string', default: join(folder, 'results') })
      .command({ command: 'dataset <name>', ...command } as unknown as CommandModule)
      .strict()
      .exitProcess(false)
      .fail((message: string | null, error?: Error) => {
        throw error ?? new Error(message ?? '');
      })
      .parseAsync();
    return log.mock.calls.flat().join('\n');
  } finally {
    log.mockRestore();
  }
}

describe('tweedie dataset', () => {
  test('writes pictures, captions and a contact sheet', async () => {
    const out = join(folder, 'faces');
    expect(await dataset('toyfaces', '--split', 'validation', '--count', '3', '--out', out)).toContain(
      `toyfaces/validation: wrote 3 of 200 pictures to ${out}`,
    );
    expect(readdirSync(out).sort()).toEqual(['captions.jsonl', 'sheet-validation.png', 'validation']);
    expect(readdirSync(join(out, 'validation'))).toEqual(['00000.png', '00001.png', '00002.png']);
    const lines = readFileSync(join(out, 'captions.jsonl'), 'utf8').trimEnd().split('\n');
    const second = await toyfaces.item('validation/00001', { height: 64, width: 64 });
    expect(lines.map((line) => JSON.parse(line))[1]).toEqual({
      id: 'validation/00001',
      file: 'validation/00001.png',
      caption: second.caption,
      sha256: second.sha256,
    });
    const sheet = await readPicture(join(out, 'sheet-validation.png'));
    expect([sheet.width, sheet.height]).toEqual([3 * (128 + 4) + 4, 128 + 2 * 4]);
  });

  test('with --labels also writes which part each pixel is, and a sheet of them in colours', async () => {
    const out = join(folder, 'faces');
    expect(await dataset('toyfaces', '--count', '2', '--labels', '--out', out)).toContain(
      '(background, skin, ',
    );
    const file = join(out, 'labels', 'test', '00001.png');
    const { depth, channels } = await sharp(file).metadata();
    expect({ depth, channels }).toEqual({ depth: 'uchar', channels: 1 });
    const { data } = await toyfaces.labels!('test/00001', { height: 64, width: 64 });
    expect(await sharp(file).toColourspace('b-w').raw().toBuffer()).toEqual(Buffer.from(data));
    expect(readdirSync(out)).toContain('sheet-test-labels.png');
  });

  test('refuses labels of a set that has none', async () => {
    const own = join(folder, 'own');
    await writePng(join(own, 'a.png'), { width: 1, height: 1, channels: 3, data: new Uint8Array(3) });
    await expect(dataset(own, '--labels', '--size', '8')).rejects.toThrow('own has no labels');
  });

  test('without --out writes below the results folder', async () => {
    await dataset('toyfaces', '--count', '1', '--no-sheet');
    expect(readdirSync(join(folder, 'results', 'datasets', 'toyfaces')).sort()).toEqual([
      'captions.jsonl',
      'test',
    ]);
  });

  test('takes a folder of pictures, at any size', async () => {
    const own = join(folder, 'own');
    await writePng(join(own, 'cat.png'), {
      width: 9,
      height: 5,
      channels: 3,
      data: new Uint8Array(135).fill(90),
    });
    await dataset(own, '--size', '16');
    const small = await readPicture(join(folder, 'results', 'datasets', 'own', 'test', 'cat.png'));
    expect([small.width, small.height, small.data[0]]).toEqual([16, 16, 90]);
  });

  test('prints one JSON document', async () => {
    const printed = JSON.parse(await dataset('toyfaces', '--count', '2', '--json', '--no-sheet'));
    expect(printed).toMatchObject({ name: 'toyfaces', split: 'test', of: 200, sheet: null });
    expect(printed.items.map((item: { id: string }) => item.id)).toEqual(['test/00000', 'test/00001']);
  });

  test('writes a manifest of a folder', async () => {
    const own = join(folder, 'own');
    await writePng(join(own, 'cat.png'), {
      width: 4,
      height: 4,
      channels: 3,
      data: new Uint8Array(48).fill(1),
    });
    const file = join(folder, 'manifest.json');
    await dataset(own, '--size', '4', '--manifest', file);
    const { splits } = JSON.parse(readFileSync(file, 'utf8'));
    expect(Object.keys(splits)).toEqual(['test']);
    // sha256sum of 48 bytes 0x01.
    expect(splits.test.pictures).toEqual({
      'cat.png': '5bf90435cd45d0475cbb0ace7e7e3a672ed2a3a4984ad3e8624d8878725a9c2e',
    });
  });

  test.each([
    [['toyface'], 'unknown data set "toyface"; the nearest name is "toyfaces"'],
    [['toyfaces', '--count', '0'], '--count: expected a whole number from 1 up, found 0'],
    [['toyfaces', '--size', 'big'], '--size: expected a whole number from 1 up, found NaN'],
    [['./no-such-folder'], 'there is no such folder'],
  ])('%j is answered with one line', async (words, message) => {
    await expect(dataset(...words)).rejects.toThrow(message);
  });
});

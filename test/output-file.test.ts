import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type OutputKind, PNG_OUTPUT, requireReplaceable, writeOutput } from '../harness/output-file.ts';
import { PACKAGE_ROOT } from '../harness/package-root.ts';
import { formats, type ReportFormat, writeReport } from '../harness/report/index.ts';
import { requireRoomForCard } from '../harness/training/card/write.ts';
import { tweedie } from './cli/run-cli.ts';
import { makeSource } from './report/fixture.ts';
import { temporaryFolder, temporaryStore } from './store/example.ts';

const kind: OutputKind = { name: 'a table', begins: /^table\n/ };

function fileWith(content: string | Uint8Array): string {
  const file = join(temporaryFolder(), 'out');
  writeFileSync(file, content);
  return file;
}

describe('an output replaces', () => {
  it.each([
    ['an earlier one', 'table\n1,2'],
    ['an empty file', ''],
  ])('%s', async (_, content) => {
    const file = fileWith(content);
    await writeOutput(file, kind, (temporary) => writeFile(temporary, 'table\n3'));
    expect(readFileSync(file, 'utf8')).toBe('table\n3');
  });

  it('what a link leads to: the link stays', async () => {
    const file = fileWith('table\n');
    const link = join(temporaryFolder(), 'link');
    symlinkSync(file, link);
    await writeOutput(link, kind, (temporary) => writeFile(temporary, 'table\n3'));
    expect(readFileSync(file, 'utf8')).toBe('table\n3');
  });

  it.each([
    ['a SQLite database', Buffer.from('SQLite format 3\0...')],
    ['a PNG picture', Buffer.from('\x89PNG\r\n', 'latin1')],
    ['a JPEG picture', Buffer.from('\xff\xd8\xff\xe0', 'latin1')],
    ['a zip archive (a checkpoint of PyTorch is one)', Buffer.from('PK\x03\x04')],
    ['a safetensors file', Buffer.from('\x40\0\0\0\0\0\0\0{"w":{}}')],
    ['a web page', '<!DOCTYPE html><title>other</title>'],
    ['a binary file', Buffer.from([1, 0, 2])],
    ['a text that begins "name: demo"', '\nname: demo\nprior: embedded\n'],
  ])('never %s', (found, content) => {
    const file = fileWith(content);
    expect(() => requireReplaceable(file, kind)).toThrow(
      `${file}: expected nothing here, or a table of an earlier tweedie, found ${found}; name another file`,
    );
  });

  it('never a folder, a device or a link that leads nowhere', () => {
    const dir = temporaryFolder();
    symlinkSync('gone', join(dir, 'link'));
    expect(() => requireReplaceable(dir, kind)).toThrow(`${dir}: expected a file, found a folder`);
    expect(() => requireReplaceable('/dev/null', kind)).toThrow('/dev/null: expected a file, found a device');
    expect(() => requireReplaceable(join(dir, 'link'), kind)).toThrow('a link to gone, which is not there');
  });

  it.each([
    [
      'at its name',
      (temporary: string) => Promise.reject(Object.assign(new Error('full'), { path: temporary })),
    ],
    // The error of an open file tells no path.
    ['when open', () => writeFile('/dev/full', 'more')],
  ])(
    'nothing where writing fails half-way, %s; nothing is left aside, the error names the output',
    async (_, fail) => {
      const file = fileWith('table\n1');
      const full = async (temporary: string) => {
        await writeFile(temporary, 'half');
        await fail(temporary);
      };
      await expect(writeOutput(file, kind, full)).rejects.toMatchObject({ path: file });
      expect(readFileSync(file, 'utf8')).toBe('table\n1');
      expect(readdirSync(join(file, '..'))).toEqual(['out']);
    },
  );
});

describe('a report', () => {
  it.each(Object.keys(formats) as ReportFormat[])(
    'as %s takes the place of an earlier one',
    async (format) => {
      const out = join(temporaryFolder(), 'report');
      await writeReport(makeSource(), { out, format });
      await writeReport(makeSource({ seeds: [1] }), { out, format });
      for (const other of Object.keys(formats).filter((name) => name !== format) as ReportFormat[])
        await expect(writeReport(makeSource(), { out, format: other })).rejects.toThrow('name another file');
    },
  );

  it('never takes that of the database', async () => {
    const { dir } = temporaryStore();
    const out = join(dir, 'tweedie.sqlite');
    const before = readFileSync(out);
    await expect(writeReport(makeSource(), { out })).rejects.toThrow(
      `${out}: expected nothing here, or an HTML report of an earlier tweedie, found a SQLite database; name another file`,
    );
    expect(readFileSync(out)).toEqual(before);
  });
});

it("a model card never takes the place of someone's own README", () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'README.md'), '---\nlicense: mit\n---\n');
  expect(() => requireRoomForCard(folder)).toThrow(
    `${folder}/README.md: expected nothing here, or a model card of an earlier tweedie, found a text that begins "---"`,
  );
});

it.each(['embedded', 'embedded-text-pixel'])('a card of %s may be written anew', (prior) => {
  const card = readFileSync(join(PACKAGE_ROOT, 'harness/priors', prior, 'README.md'), 'utf8');
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'README.md'), card);
  expect(() => requireRoomForCard(folder)).not.toThrow();
});

it('what is at hand of scores, captions, a manifest or pictures is asked for before anything is computed', async () => {
  const dir = temporaryFolder();
  writeFileSync(join(dir, 'mine.csv'), 'name,age\n');
  writeFileSync(join(dir, 'mine.json'), '{"name":"me"}\n');
  mkdirSync(join(dir, 'out'));
  writeFileSync(join(dir, 'out/captions.jsonl'), '{"file":"a.png"}\n');
  const complaint = async (...args: string[]) => (await tweedie(...args)).stderr;
  const scores = ['evaluate', '--generated', 'a', '--reference', 'b', '--out'];
  expect(await complaint(...scores, join(dir, 'mine.csv'))).toMatch(/found a text that begins "name,age"/);
  expect(await complaint('dataset', 'toyfaces', '--manifest', join(dir, 'mine.json'))).toMatch(
    /or a manifest of/,
  );
  expect(await complaint('dataset', 'toyfaces', '--count', '1', '--out', join(dir, 'out'))).toMatch(
    /or captions of an earlier tweedie, found a text/,
  );
  expect(PNG_OUTPUT.begins.test('\x89PNG\r\n')).toBe(true);
});

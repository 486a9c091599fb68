import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadPlan } from '../../harness/plan/load.ts';
import { fakes, folderWith, GOOD } from './fakes.ts';

/** The refusal of a file of a folder, the folder cut off. */
async function refusal(
  folder: string,
  file = 'e.yaml',
  assignments: readonly string[] = [],
): Promise<string> {
  const error = await loadPlan(join(folder, file), fakes, assignments).then(
    () => expect.fail('it was accepted'),
    (reason: Error) => reason,
  );
  expect(error.name).toBe('UserError');
  return error.message.replaceAll(`${folder}/`, '');
}
const refusalOf = (text: string | Buffer, assignments?: readonly string[]) => {
  const folder = folderWith({});
  writeFileSync(join(folder, 'e.yaml'), text);
  return refusal(folder, 'e.yaml', assignments);
};
const numbers = (count: number) => `[${Array.from({ length: count }, (_, i) => i + 1).join(',')}]`;
const steps = (value: string) => GOOD.replace('50', value);

/** `levels` anchors, each a list of ten times the one before. */
const bomb = (levels: number) =>
  [...'abcdefghij']
    .slice(0, levels)
    .map((name, i, names) => `x-${name}: &${name} [${Array(10).fill(i === 0 ? 1 : `*${names[i - 1]}`)}]`)
    .join('\n');

describe('what a small file may cost', () => {
  it.each([
    [
      'aliases of aliases',
      GOOD + bomb(9),
      'e.yaml:12:31: too large: more than 100,000 keys and values (aliases written out)',
    ],
    [
      'aliases below one another, deeper than lists may be',
      `${GOOD}x-a: &a ${'['.repeat(40)}1${']'.repeat(40)}\nx-b: &b ${'['.repeat(40)}*a${']'.repeat(40)}\n`,
      'e.yaml:9:49: nested too deep: more than 64 lists and mappings in one another',
    ],
    [
      'a million brackets',
      '['.repeat(1_000_000),
      'e.yaml:1:250000: too large: more than 250,000 words and punctuation marks',
    ],
    [
      'a mapping in a mapping in ...',
      Array.from({ length: 200 }, (_, i) => `${' '.repeat(i)}a:`).join('\n'),
      'e.yaml:65:65: nested too deep: more than 64 lists and mappings in one another',
    ],
    [
      'a long list',
      steps(`[${'1,'.repeat(200_000)}]`),
      'e.yaml:7:166635: too large: more than 250,000 words and punctuation marks',
    ],
    [
      'keys without end',
      GOOD + Array.from({ length: 100_000 }, (_, i) => `k${i}: 1\n`).join(''),
      'e.yaml:35710:9: too large: more than 250,000 words and punctuation marks',
    ],
    ['a large file', `# ${'x'.repeat(2 ** 20)}`, 'e.yaml:1:1: too large: more than 1,048,576 bytes of text'],
    [
      'a grid',
      GOOD.replace('{ steps: 50 }', `{ steps: ${numbers(1000)}, latentStep: ${numbers(1000)} }`),
      'e.yaml:7:11: ldps: asks for a grid of 1,000,000 points; an experiment has at most 200,000',
    ],
    [
      'a grid of each task',
      steps(numbers(1000)).replace('8', numbers(1000)),
      'e.yaml:7:3: asks for 1,001,000 methods (points of the grids, for each task); an experiment has at most 200,000',
    ],
    [
      'a grid times seeds',
      `${steps(numbers(200))}seeds: ${numbers(2000)}\n`,
      'e.yaml:7:3: asks for 1,206,000 cells; an experiment has at most 1,000,000',
    ],
    [
      'a grid times pictures that only the data set counts',
      `${steps(numbers(1000)).replace(', count: 3', '')}seeds: ${numbers(200)}\n`,
      'e.yaml:3:14: asks for 1,201,200 cells; an experiment has at most 1,000,000',
    ],
  ])('%s', async (_, text, message) => {
    expect(await refusalOf(text)).toBe(message);
  });

  it('a word of a megabyte is cut in the message', async () => {
    expect(await refusalOf(GOOD.replace('embedded', 'x'.repeat(100_000)))).toBe(
      `e.yaml:2:8: unknown prior "${'x'.repeat(80)}...": expected one of embedded`,
    );
  });

  it('so does --set, whose paths are no deeper than lists may be', async () => {
    expect(await refusalOf(GOOD, [`seeds=${numbers(150_000)}`])).toBe(
      '--set:1:488726: too large: more than 250,000 words and punctuation marks',
    );
    expect(await refusalOf(GOOD, [`${'a.'.repeat(1000)}b=1`])).toBe('--set:1:1: a key of more than 64 parts');
    expect(await refusalOf(GOOD, Array(1001).fill('data.count=1'))).toBe(
      '--set:1:1: too large: more than 1,000 assignments by --set',
    );
  });

  it('files that extend one another are counted, in a chain and in a tree', async () => {
    const chain = Object.fromEntries(
      Array.from({ length: 200 }, (_, i) => [`${i}.yaml`, `extends: ${i + 1}.yaml\n`]),
    );
    const many = 'too large: more than 100 files that extend or include one another';
    expect(await refusal(folderWith(chain), '0.yaml')).toBe(`99.yaml:1:10: ${many}`);
    const tree = Object.fromEntries(
      Array.from({ length: 50 }, (_, i) => [`${i}.yaml`, `extends: [${i + 1}.yaml, ${i + 1}.yaml]\n`]),
    );
    tree['50.yaml'] = GOOD;
    expect(await refusal(folderWith(tree), '0.yaml')).toContain(many);
  });
});

describe('what is no text', () => {
  it.each([
    ['UTF-16', Buffer.from(`\ufeff${GOOD}`, 'utf16le'), 'e.yaml:1:1: is UTF-16; save the file as UTF-8'],
    [
      'Latin-1',
      Buffer.from(GOOD.replace('trial', 'tri\u00e4l'), 'latin1'),
      'e.yaml:1:10: is not UTF-8: no text, or in another encoding',
    ],
    [
      'a NUL',
      GOOD.replace('trial', 'tri\0l'),
      'e.yaml:1:10: expected text, found the control character U+0000 in it',
    ],
    [
      'a NUL in a path',
      `extends: "a\\0"\n${GOOD}`,
      'e.yaml:1:10: expected a path, found the control character U+0000 in it',
    ],
    [
      'a NUL in the path of a plug-in',
      `plugins: ["a\\0"]\n${GOOD}`,
      'e.yaml:1:11: expected a path, found the control character U+0000 in it',
    ],
    [
      'half a character',
      GOOD.replace('trial', '"\\ud83d"'),
      'e.yaml:1:7: expected text, found half a character (a lone surrogate), U+D83D in it',
    ],
    [
      'half a character in a key',
      `${GOOD}"\\udc00": 1`,
      'e.yaml:8:1: expected text, found half a character (a lone surrogate), U+DC00 in it',
    ],
    ['1e400', steps('1e400'), 'e.yaml:7:20: expected a finite number, found 1e400'],
    ['.nan', steps('.nan'), 'e.yaml:7:20: expected a finite number, found .nan'],
    [
      'a whole number beyond 2^53',
      steps('9007199254740993'),
      'e.yaml:7:20: ldps.steps: expected at most 9007199254740991, found 9007199254740992',
    ],
  ])('%s', async (_, text, message) => {
    expect(await refusalOf(text)).toBe(message);
  });

  it('a byte order mark is left out', async () => {
    const folder = folderWith({ 'e.yaml': `\ufeff${GOOD}` });
    expect((await loadPlan(join(folder, 'e.yaml'), fakes)).name).toBe('trial');
  });

  it('a folder, a FIFO, a dangling link', async () => {
    const folder = folderWith({ 'e.yaml': `extends: pipe\n` });
    mkdirSync(join(folder, 'sub'));
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    symlinkSync('nowhere', join(folder, 'link'));
    expect(await refusal(folder, 'sub')).toBe('sub: expected a file, found a folder');
    expect(await refusal(folder, 'link')).toBe(
      'link: expected a file, found a link to nowhere, which is not there',
    );
    expect(await refusal(folder)).toBe('e.yaml:1:10: pipe: expected a file, found a FIFO (named pipe)');
    expect(await refusalOf(`plugins: [${folder}/pipe]\n${GOOD}`)).toBe(
      `e.yaml:1:11: ${folder}/pipe: expected a file, found a FIFO (named pipe)`,
    );
  });
});

import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readOverrides } from '../../harness/scoring/weight-overrides.ts';

const folder = mkdtempSync(join(tmpdir(), 'tweedie-overrides-'));
const file = join(folder, 'mine.pth');
writeFileSync(file, '');
const TRUNK = 'squeezenet1_1-b8a52dc0.pth';
const weights = [
  { name: TRUNK, sha256: 'b8a52dc0' },
  { name: 'clip-vit-base-patch16', files: () => [] },
];
const read = (...texts: string[]) => [...readOverrides(texts, weights)];

it('takes a file by its own name, and by that of the known weights that it is', () => {
  expect(read(`${TRUNK}=${file}`)).toEqual([[TRUNK, file]]);
  expect(read(`torchvision-squeezenet1.1=${file}`)).toEqual([[TRUNK, file]]);
  expect(read(`clip-vit-base-patch16=${folder}`)).toEqual([['clip-vit-base-patch16', folder]]);
});

it.each([
  [
    ['torchvision-squeezenet=x'],
    '--weights: unknown name "torchvision-squeezenet": did you mean "torchvision-squeezenet1.1"?',
  ],
  [[`${TRUNK}=${file}`, `torchvision-squeezenet1.1=${file}`], `--weights: ${TRUNK} is given twice`],
  [[TRUNK], `--weights ${TRUNK}: expected NAME=FILE`],
  [[`${TRUNK}=`], `--weights ${TRUNK}=: expected NAME=FILE`],
  [[`${TRUNK}=${folder}`], `${folder}: expected a file, found a folder`],
  [[`clip-vit-base-patch16=${file}`], `${file}: expected the folder of clip-vit-base-patch16`],
])('refuses %j', (texts, message) => {
  expect(() => read(...texts)).toThrow(message);
});

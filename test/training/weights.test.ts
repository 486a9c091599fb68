import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../harness/errors.ts';
import type { ParamSpec } from '../../harness/networks/parameter-shapes.ts';
import { writeSafetensors } from '../../harness/networks/safetensors-writer.ts';
import { readWeights, writeWeights } from '../../harness/training/weights.ts';

const specs: readonly ParamSpec[] = [
  { name: 'a.weight', shape: [1, 2], kind: 'weight', fanIn: 2 },
  { name: 'b.bias', shape: [1], kind: 'bias', fanIn: 2 },
];
const TWO = [
  { file: 'one/a.safetensors', prefix: 'a.' },
  { file: 'b.safetensors', prefix: 'b.' },
];
const ONE = [{ file: 'model.safetensors', prefix: '' }];
const FLAT = Float32Array.of(1, 2, 3);

const folder = (): string => {
  const path = mkdtempSync(join(tmpdir(), 'tweedie-weights-'));
  mkdirSync(join(path, 'one'));
  return path;
};
const from = (path: string) => ({ path, where: { file: 't.yaml', line: 7, column: 7 } });

function complaint(fn: () => unknown, root: string): string {
  try {
    fn();
  } catch (error) {
    expect(error).toBeInstanceOf(UserError);
    return (error as UserError).message.replaceAll(`${root}/`, '');
  }
  return expect.fail('the weights were accepted');
}

it.each([
  ['one file', ONE],
  ['two files', TWO],
])('weights are read from a folder as they were written: %s', (_, places) => {
  const root = folder();
  writeWeights(root, places, specs, FLAT, {});
  expect(readWeights(from(root), places, specs)).toEqual(FLAT);
});

it('a file stands for the folder of a model that has one', () => {
  const root = folder();
  writeWeights(root, ONE, specs, FLAT, {});
  expect(readWeights(from(join(root, 'model.safetensors')), ONE, specs)).toEqual(FLAT);
});

describe('weights that do not fit are refused where they are named', () => {
  const write = (shape: readonly number[], data: Float32Array) => {
    const root = folder();
    writeSafetensors(join(root, 'model.safetensors'), [
      { name: 'a.weight', shape, data },
      { name: 'b.bias', shape: [1], data: Float32Array.of(3) },
    ]);
    return root;
  };

  it.each([
    [
      'shape',
      write([2, 1], Float32Array.of(1, 2)),
      "t.yaml:7:7: from: model.safetensors: tensor 'a.weight' has shape [2,1]; expected [1,2]",
    ],
    [
      'value',
      write([1, 2], Float32Array.of(1, Number.NaN)),
      "t.yaml:7:7: from: model.safetensors: tensor 'a.weight' holds NaN; expected finite numbers",
    ],
    [
      'nothing there',
      folder(),
      't.yaml:7:7: from: model.safetensors: is not there, nor model.safetensors.index.json',
    ],
  ])('%s', (_, root, message) => {
    expect(complaint(() => readWeights(from(root), ONE, specs), root)).toBe(message);
  });

  it('one file for a model of two', () => {
    const root = write([1, 2], Float32Array.of(1, 2));
    const file = join(root, 'model.safetensors');
    expect(complaint(() => readWeights(from(file), TWO, specs), root)).toBe(
      't.yaml:7:7: from: model.safetensors is a file; expected a folder that holds one/a.safetensors and b.safetensors',
    );
  });
});

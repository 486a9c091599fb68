import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../../harness/errors.ts';
import { PytorchFile } from '../../../harness/networks/pytorch-file/pytorch-file.ts';

// test/fixtures/pytorch-file/make.py wrote them.
const path = (name: string) =>
  fileURLToPath(new URL(`../../fixtures/pytorch-file/${name}.pt`, import.meta.url));
const read = (name: string, tensor: string, section?: string) => [
  ...new PytorchFile(path(name), section).read(tensor),
];

describe.each(['state-dict', 'old-format', 'checkpoint'])('%s.pt', (name) => {
  it('gives every tensor by its name, with type and shape', () => {
    const entries = [...new PytorchFile(path(name)).entries].map(([tensor, { dtype, shape }]) => [
      tensor,
      dtype,
      shape,
    ]);
    expect(entries).toEqual([
      ['block.weight', 'F32', [3, 2]],
      ['block.bias', 'F32', [3]],
      ['steps', 'I64', []],
    ]);
  });

  it('gives the values', () => {
    expect(read(name, 'block.weight')).toEqual([0, 1, 2, 3, 4, 5]);
    expect(read(name, 'block.bias')).toEqual([0, 0.25, 0.5]);
    expect(read(name, 'steps')).toEqual([5n]);
  });

  it('says where in the file the values lie', () => {
    const file = new PytorchFile(path(name));
    const bytes = readFileSync(path(name));
    expect(bytes.readFloatLE(file.offset('block.weight')! + 5 * 4)).toBe(5);
    expect(bytes.readFloatLE(file.offset('block.bias')! + 4)).toBe(0.25);
    expect(file.dataBytes).toBe(6 * 4 + 3 * 4 + 8);
  });
});

it.each([
  ['double', [0, 1 / 3]],
  ['half', [1.5, -2]],
  ['bfloat', [1.5, -2]],
  ['long', [-1n, 2n ** 40n]],
  ['byte', [0, 255]],
  ['parameter', [0, 1]],
])('reads the type of %s', (tensor, expected) => {
  expect(read('types', tensor)).toEqual(expected);
});

it.each([
  ['int', 'I32'],
  ['bool', 'BOOL'],
])('knows of a tensor of type %s, and says that it is not read', (tensor, dtype) => {
  const file = new PytorchFile(path('types'));
  expect(file.entries.get(tensor)).toMatchObject({ dtype });
  expect(() => file.read(tensor)).toThrow(`tensor '${tensor}' has type ${dtype}, which is not read`);
});

it('gives floating-point numbers as float32, and says what is none', () => {
  const file = new PytorchFile(path('types'));
  expect(file.readFloat32('half')).toEqual(Float32Array.of(1.5, -2));
  expect(() => file.readFloat32('long')).toThrow(
    "tensor 'long' has type I64; expected F32, F16, BF16 or F64",
  );
});

it.each([
  ['whole', [4, 3], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]],
  ['transposed', [3, 4], [0, 3, 6, 9, 1, 4, 7, 10, 2, 5, 8, 11]],
  ['rows', [2, 3], [3, 4, 5, 6, 7, 8]],
  ['columns', [4, 2], [1, 2, 4, 5, 7, 8, 10, 11]],
  ['every_other', [2, 2], [0, 2, 6, 8]],
  ['expanded', [2, 3], [7, 7, 7, 7, 7, 7]],
  ['scalar', [], [9]],
  ['empty', [0, 4], []],
])('a tensor that looks at a storage otherwise, %s, is row-major when read', (tensor, shape, values) => {
  expect(new PytorchFile(path('views')).entries.get(tensor)!.shape).toEqual(shape);
  expect(read('views', tensor)).toEqual(values);
});

it('tells the place of views that lie row by row, and of no others', () => {
  const file = new PytorchFile(path('views'));
  const places = ['whole', 'rows', 'transposed', 'columns'].map((name) => file.offset(name));
  expect(places).toEqual([expect.any(Number), places[0]! + 12, null, null]);
});

it('asks which state_dict where a checkpoint has several', () => {
  expect(() => new PytorchFile(path('two-sections'))).toThrow(
    "holds 2 dictionaries of tensors: 'model' (1 tensor), 'ema' (1 tensor); choose one: `section: ema` of a prior, or `--section ema` of tweedie weights convert",
  );
  expect(read('two-sections', 'a', 'ema')).toEqual([1]);
  expect(() => new PytorchFile(path('two-sections'), 'net')).toThrow(
    "no dictionary of tensors is 'net'; found 'model' (1 tensor), 'ema' (1 tensor)",
  );
});

it('refuses a whole module, whose class would have to be imported', () => {
  const open = () => new PytorchFile(path('whole-module'));
  expect(open).toThrow(UserError);
  expect(open).toThrow('names "torch.nn.modules.linear.Linear", which is neither a tensor nor plain data');
});

it('names the nearest tensor for one that is not there, and a file that cannot be read', () => {
  expect(() => read('state-dict', 'block.weigt')).toThrow("the nearest name is 'block.weight'");
  expect(() => new PytorchFile('nowhere.pt')).toThrow('nowhere.pt: expected a file, found nothing');
});

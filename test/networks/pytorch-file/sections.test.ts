/** Which dictionary of a checkpoint is taken. */
import { expect, it } from 'vitest';
import { PytorchFile } from '../../../harness/networks/pytorch-file/pytorch-file.ts';
import { archive, fileOf, op, tensor } from './archives.ts';

const dict = (...names: string[]) =>
  op.dict(...names.map((name): [string, string] => [op.text(name), tensor()]));
const saved = (...pairs: [string, string][]) =>
  fileOf(archive(op.dict(...pairs.map(([key, value]): [string, string] => [op.text(key), value]))));
const names = (path: string, section?: string) => [...new PytorchFile(path, section).entries.keys()];
const refusal = (path: string, section?: string) => {
  try {
    return names(path, section);
  } catch (error) {
    return (error as Error).message.slice(path.length + 2);
  }
};

it('the only one, wherever it is nested', () => {
  expect(names(saved(['epoch', op.int(3)], ['state_dict', dict('a', 'b')]))).toEqual(['a', 'b']);
  expect(names(saved(['net', op.dict([op.text('weights'), dict('a')])]))).toEqual(['a']);
  expect(names(saved(['nets', op.list(op.int(1), dict('a'))]))).toEqual(['a']);
});

it.each([
  [
    'model_ema',
    [
      ['model', dict('a', 'b')],
      ['model_ema', dict('a', 'b')],
    ],
    "'model' (2 tensors), 'model_ema' (2 tensors)",
  ],
  [
    'ema.shadow',
    [
      ['model', dict('a')],
      ['ema', op.dict([op.text('shadow'), dict('a')])],
    ],
    "'model' (1 tensor), 'ema.shadow' (1 tensor)",
  ],
  [
    'state_dict',
    [
      ['step', tensor()],
      ['state_dict', dict('a', 'b')],
    ],
    "'.', its top level (1 tensor), 'state_dict' (2 tensors)",
  ],
  ['nets.1', [['nets', op.list(dict('x'), dict('a'))]], "'nets.0' (1 tensor), 'nets.1' (1 tensor)"],
] as [string, [string, string][], string][])(
  'of several, the one that is named: %s',
  (section, pairs, list) => {
    const path = saved(...pairs);
    expect(refusal(path)).toBe(
      `holds 2 dictionaries of tensors: ${list}; choose one: \`section: ${section}\` of a prior, or \`--section ${section}\` of tweedie weights convert`,
    );
    expect(names(path, section)[0]).toBe('a');
    expect(refusal(path, 'modle')).toBe(`no dictionary of tensors is 'modle'; found ${list}`);
  },
);

it('the top level by a dot', () => {
  const path = saved(['step', tensor()], ['state_dict', dict('a')]);
  expect(names(path, '.')).toEqual(['step']);
});

it("an optimiser's state, under numbers, is none", () => {
  const optimiser = op.dict([op.text('state'), op.dict([op.int(0), dict('exp_avg', 'exp_avg_sq')])]);
  expect(names(saved(['model', dict('a')], ['optimizer', optimiser]))).toEqual(['a']);
});

it('the rest of a section is what names begin with', () => {
  const path = saved(['state_dict', dict('model.a', 'model_ema.a')]);
  expect(names(path, 'state_dict.model_ema')).toEqual(['a']);
  expect(names(path, 'model')).toEqual(['a']);
  expect(names(saved(['model', dict('module.a')], ['ema', dict('module.b')]), 'ema.module')).toEqual(['b']);
});

it('keys that a terminal would obey are shown as harmless, and many are counted', () => {
  const path = saved(...Array.from({ length: 30 }, (_, i): [string, string] => [`\x1b[2J${i}`, dict('a')]));
  expect(refusal(path)).toContain("'\ufffd[2J0' (1 tensor), '\ufffd[2J1' (1 tensor)");
  expect(refusal(path)).toContain('and 10 more; choose one');
});

it('tensors of bytes and a type lie beside the others', () => {
  const bytes = op.tuple(
    op.text('storage'),
    op.global('torch.storage', 'UntypedStorage'),
    op.text('0'),
    op.text('cpu'),
    op.int(24),
  );
  const seed = op.call(
    op.global('torch._utils', '_rebuild_tensor_v3'),
    `${bytes}Q`,
    op.int(0),
    op.tuple(op.int(6)),
    op.tuple(op.int(1)),
    '\x89',
    '}',
    op.global('torch', 'uint32'),
  );
  const file = new PytorchFile(fileOf(archive(op.dict([op.text('seed'), seed]))));
  expect(file.entries.get('seed')).toMatchObject({ dtype: 'U32', shape: [6] });
});

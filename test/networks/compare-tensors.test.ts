import { expect, it } from 'vitest';
import { compareTensors } from '../../harness/networks/compare-tensors.ts';
import type { ParamSpec } from '../../harness/networks/parameter-shapes.ts';
import type { TensorEntry } from '../../harness/networks/tensor-types.ts';

const specs: ParamSpec[] = [
  { name: 'conv_in.weight', shape: [8, 4, 3, 3], kind: 'weight', fanIn: 36 },
  { name: 'conv_in.bias', shape: [8], kind: 'bias', fanIn: 36 },
  { name: 'proj.weight', shape: [8, 8], kind: 'weight', fanIn: 8 },
];
const whole: Record<string, TensorEntry> = Object.fromEntries(
  specs.map(({ name, shape }) => [name, { dtype: 'F32', shape }]),
);

/** Differences of a whole file with some entries replaced; undefined: left out. */
function differences(changed: Record<string, TensorEntry | undefined>, extra = {}): string[] {
  const entries = Object.entries({ ...whole, ...changed }).filter(([, entry]) => entry !== undefined);
  return compareTensors({ specs, ...extra }, new Map(entries as [string, TensorEntry][]));
}

it('there are none in a file of the network, in any float type, with linear layers as 1x1 convolutions', () => {
  expect(differences({})).toEqual([]);
  expect(differences({ 'proj.weight': { dtype: 'BF16', shape: [8, 8, 1, 1] } })).toEqual([]);
});

it('a tensor of another name: missing and without a place, each with the nearest of the other side', () => {
  const found = differences({ 'conv_in.bias': undefined, 'conv_out.bias': { dtype: 'F16', shape: [8] } });
  expect(found).toEqual([
    "tensor 'conv_in.bias' [8] is missing; the nearest that has no place is 'conv_out.bias'",
    "tensor 'conv_out.bias' [8] has no place in the network; the nearest that is missing is 'conv_in.bias'",
  ]);
});

it('a tensor that is missing where all others have their place has no nearest', () => {
  expect(differences({ 'proj.weight': undefined })).toEqual(["tensor 'proj.weight' [8,8] is missing"]);
});

it('a wrong shape and a type without fractions', () => {
  const found = differences({
    'conv_in.weight': { dtype: 'F32', shape: [8, 9, 3, 3] },
    'conv_in.bias': { dtype: 'I64', shape: [8] },
  });
  expect(found).toEqual([
    "tensor 'conv_in.weight' has shape [8,9,3,3]; expected [8,4,3,3]",
    "tensor 'conv_in.bias' has type I64; expected floats",
  ]);
});

it('older names and buffers count as the config says', () => {
  const older = { 'proj.weight': undefined, 'query.weight': { dtype: 'F32', shape: [8, 8] } as const };
  const buffer = { 'text.position_ids': { dtype: 'I64', shape: [1, 77] } as const };
  const known = {
    rename: (name: string) => name.replace('query', 'proj'),
    ignore: (name: string) => name.endsWith('position_ids'),
  };
  expect(differences({ ...older, ...buffer }, known)).toEqual([]);
});

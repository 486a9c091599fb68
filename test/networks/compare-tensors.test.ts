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
    "tensor 'conv_in.bias' has type I64; expected F32, F16, BF16 or F64",
  ]);
});

it('what is no weight and not needed lies there for other programs', () => {
  const beside = { seed: { dtype: 'U32', shape: [1] }, mask: { dtype: 'BOOL', shape: [4] } } as const;
  expect(differences({ ...beside, scale: { dtype: 'F8_E4M3', shape: [] } })).toEqual([]);
});

it('a prefix of all names is one difference, with its remedy', () => {
  const under = (prefix: string) =>
    Object.fromEntries(Object.entries(whole).map(([name, entry]) => [prefix + name, entry]));
  const none = { 'conv_in.weight': undefined, 'conv_in.bias': undefined, 'proj.weight': undefined };
  const remedy = (beginnings: string, section: string) => [
    `its names begin with ${beginnings}, the network's do not: \`tweedie weights convert FILE NEW.safetensors --section ${section}\` leaves that out`,
  ];
  expect(differences({ ...none, ...under('module.') })).toEqual(remedy("'module.'", 'module'));
  expect(differences({ ...none, ...under('net._orig_mod.'), other: whole['conv_in.bias'] })).toEqual(
    remedy("'net._orig_mod.'", 'net._orig_mod'),
  );
  expect(differences({ ...none, ...under('model.'), ...under('ema.') }, { section: 'state_dict' })).toEqual(
    remedy("'model.', 'ema.'", 'state_dict.model'),
  );
});

it('names of megabytes are compared with none', () => {
  const [problem] = differences({ ['x'.repeat(2 ** 21)]: { dtype: 'F32', shape: [1] } });
  expect(problem).toBe(`tensor '${'x'.repeat(100)}...' [1] has no place in the network`);
});

it('an older and the current name of one tensor: neither is chosen in silence', () => {
  const older = { 'query.weight': { dtype: 'F32', shape: [8, 8] } } as const;
  const rename = (name: string) => name.replace('query', 'proj');
  expect(differences(older, { rename })).toEqual([
    "tensors 'proj.weight' and 'query.weight' are one tensor of the network; expected one",
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

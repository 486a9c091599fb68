import { expect, it } from 'vitest';
import { formatParam } from '../../harness/identity/param-text.ts';
import { listMethods } from '../../harness/report/methods.ts';
import { methodOf } from './fixture.ts';

it.each([
  [0.01, '0.01'],
  ['plain', 'plain'],
  ['', '""'],
  [{ from: 'caption' }, 'caption'],
  [{ poisson: 1 }, 'poisson 1'],
  [[0.9, 0.999], '[0.9,0.999]'],
  [{ scale: 1, from: 0 }, '{"scale":1,"from":0}'],
  [undefined, 'none'],
])('a parameter of %j is shown as %s', (value, text) => {
  expect(formatParam(value)).toBe(text);
});

it.each([
  ['restore', true],
  ['segment', true],
  ['invert', false],
  ['edit', false],
  ['generate', false],
  ['translate', false],
] as const)('a task to %s: captions set a method apart: %s', (kind, captioned) => {
  const told = methodOf({ name: 'edict', params: { prompt: { from: 'caption' } } });
  const label = captioned ? 'EDICT‡ (prompt=caption)' : 'EDICT';
  expect(listMethods([told], kind)).toMatchObject([{ label, captioned }]);
});

it('prompts that differ tell rows apart, whoever is given the captions', () => {
  const prompted = ['', { from: 'caption' }].map((prompt) => methodOf({ name: 'edict', params: { prompt } }));
  const labels = listMethods(prompted, 'invert').map(({ label }) => label);
  expect(labels).toEqual(['EDICT (prompt="")', 'EDICT (prompt=caption)']);
});

it('captions that every row has stand in no name, where other parameters differ', () => {
  const own = { from: 'caption' };
  const editors = [0.2, 0.4].map((t0) =>
    methodOf({ name: 'sdedit-edit', title: 'SDEdit', params: { prompt: own, nullPrompt: own, t0 } }),
  );
  const named = methodOf({
    name: 'ebca-edit',
    title: 'EBCA, as published',
    params: { prompt: own, nullPrompt: own },
  });
  expect(listMethods([...editors, named], 'edit').map(({ label }) => label)).toEqual([
    'SDEdit (t0=0.2)',
    'SDEdit (t0=0.4)',
    'EBCA, as published',
  ]);
});

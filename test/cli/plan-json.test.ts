import { expect, it } from 'vitest';
import { planJson } from '../../harness/cli/plan-json.ts';
import type { Plan } from '../../harness/plan/plan.ts';
import { batchOf } from '../scheduler/batches.ts';

const planOf = (count: number) =>
  ({
    name: 'trial',
    batches: Array.from({ length: count }, (_, seed) => ({
      ...batchOf('a'),
      items: [{ id: 'test/0', sha256: 'i0', seed, cellKey: `c${seed}` }],
    })),
  }) as unknown as Plan;

it.each([0, 1, 1000, 2500])('the pieces of a plan of %i batches are one JSON document', (count) => {
  const document = JSON.parse([...planJson(planOf(count), { cached: 3 })].join('\n'));
  expect(document).toMatchObject({ name: 'trial', cached: 3 });
  expect(document.groups.map(({ seed }: { seed: number }) => seed)).toEqual([...Array(count).keys()]);
});

it('says how many batches there are, and of which sizes', () => {
  const batches = [batchOf('a', 'b'), batchOf('c', 'd'), batchOf('e')];
  const plan = { name: 'trial', batches } as unknown as Plan;
  expect(JSON.parse([...planJson(plan, {})].join('\n')).batches).toEqual({
    count: 3,
    sizes: [
      { cells: 2, batches: 2 },
      { cells: 1, batches: 1 },
    ],
  });
});

it('a batch of several seeds is a group of each, with its key', () => {
  const [first, second] = ['a', 'b'].map((cellKey, seed) => ({ id: 'test/0', sha256: 'i0', seed, cellKey }));
  const plan = {
    name: 'trial',
    batches: [{ ...batchOf('a', 'b'), items: [first, second] }],
  } as unknown as Plan;
  const { groups } = JSON.parse([...planJson(plan, {})].join('\n'));
  expect(groups).toMatchObject([
    { groupKey: 'a+b', seed: 0, items: [first] },
    { groupKey: 'a+b', seed: 1, items: [second] },
  ]);
});

it('a batch of several settings of a solver is a group of each, with its key, and an item says no more than before', () => {
  const plain = batchOf('a', 'b');
  const [first, second] = plain.items;
  const gentler = { ...plain.method, key: 'gentler', params: { steps: 50, latentStep: 0.5 } };
  const batch = { ...plain, items: [first, { ...second, method: gentler }] };
  const plan = { name: 'trial', batches: [batch], rows: ['one', 'other'] } as unknown as Plan;
  const { groups, rows } = JSON.parse([...planJson(plan, {})].join('\n'));
  expect(groups).toMatchObject([
    { groupKey: 'a+b', methodKey: plain.method.key, params: plain.method.params },
    { groupKey: 'a+b', methodKey: 'gentler', params: gentler.params },
  ]);
  expect(groups.map(({ items }: { items: unknown }) => items)).toEqual([[first], [second]]);
  expect(rows).toBeUndefined();
});

it('a batch has all that tells its method and its setting, in one piece', () => {
  const { method, setting } = batchOf('a');
  const [group] = JSON.parse([...planJson(planOf(1), {})].join('\n')).groups;
  expect(group).toMatchObject({
    groupKey: 'a',
    solver: 'p2l',
    params: { steps: 50 },
    taskParams: { factor: 8 },
    imageShape: [3, 64, 64],
    methodKey: method.key,
    settingKey: setting.key,
  });
});

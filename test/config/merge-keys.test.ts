import { join } from 'node:path';
import { expect, it } from 'vitest';
import { plain } from '../../harness/config/located.ts';
import { parseYaml } from '../../harness/config/yaml.ts';
import { loadPlan } from '../../harness/plan/load.ts';
import { fakes, folderWith, GOOD } from './fakes.ts';

const read = (text: string) => plain(parseYaml(text, 'e.yaml'));

it('a merge key lays a mapping under the one that holds it', () => {
  expect(read('a: &a { x: 1, y: 2 }\nb: { y: 3, <<: *a }')).toEqual({
    a: { x: 1, y: 2 },
    b: { x: 1, y: 3 },
  });
});

it('of several merged mappings the first wins, and merging is not deep', () => {
  expect(read('a: &a { x: { p: 1 } }\nb: &b { x: { q: 2 }, z: 4 }\nc: { <<: [*a, *b] }')).toMatchObject({
    c: { x: { p: 1 }, z: 4 },
  });
});

it('in quotes it is a key like others', () => {
  expect(read('"<<": { x: 1 }')).toEqual({ '<<': { x: 1 } });
});

it.each([
  ['b: { <<: 3 }', 'e.yaml:1:10: <<: expected a mapping, or a list of mappings, to merge; found 3'],
  ['a: &a {}\nb: { <<: *a, <<: *a }', 'e.yaml:2:14: key "<<" stands here and in line 2'],
])('%j is refused', (text, message) => {
  expect(() => read(text)).toThrow(message);
});

it('top-level keys that start with x- are a place for anchors', async () => {
  const text = `x-base: &base { steps: 7 }\n${GOOD.replace('{ steps: 50 }', '{ <<: *base, latentStep: 2 }')}`;
  const plan = await loadPlan(join(folderWith({ 'e.yaml': text }), 'e.yaml'), fakes);
  expect(plan.batches.at(-1)!.method.params).toEqual({ steps: 7, latentStep: 2 });
});

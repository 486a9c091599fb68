import { expect, it } from 'vitest';
import { z } from 'zod';
import { countPoints, expand } from '../../harness/config/expand.ts';
import { plain } from '../../harness/config/located.ts';
import { parseYaml } from '../../harness/config/yaml.ts';

const number = z.number().default(0);

it('counts what it expands, without expanding it', () => {
  const schema = z.object({ a: number, b: number, c: number });
  const hundred = `[${Array.from({ length: 100 }, (_, i) => i)}]`;
  const node = parseYaml(`{ a: ${hundred}, b: ${hundred}, c: [1, 2], zip: [a, b] }`, 'e.yaml');
  expect(countPoints(schema, node)).toBe(200);
  expect(expand(schema, node)).toHaveLength(200);
});

it('a parameter that is called zip is that parameter', () => {
  const schema = z.object({ zip: z.string().default(''), a: number });
  const node = parseYaml('{ zip: [a, b], a: [1, 2] }', 'e.yaml');
  expect(expand(schema, node).map(plain)).toEqual([
    { zip: 'a', a: 1 },
    { zip: 'a', a: 2 },
    { zip: 'b', a: 1 },
    { zip: 'b', a: 2 },
  ]);
  expect(countPoints(schema, node)).toBe(4);
});

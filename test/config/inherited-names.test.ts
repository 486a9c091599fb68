import { expect, it } from 'vitest';
import { z } from 'zod';
import { check } from '../../harness/config/check.ts';
import { parseYaml } from '../../harness/config/yaml.ts';

it('a key "__proto__", which schemas drop, is refused where any key is allowed', () => {
  const schema = z.object({ weights: z.record(z.string(), z.number()) });
  const found = parseYaml('weights: { constructor: 1, __proto__: 2 }', 'e.yaml');
  expect(() => check(schema, found, 'mine')).toThrow(
    'e.yaml:1:28: mine.weights.__proto__: this key cannot be used',
  );
});

import { join } from 'node:path';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { check } from '../../harness/config/check.ts';
import { parseYaml } from '../../harness/config/yaml.ts';
import { loadPlugin } from '../../harness/plan/plugins.ts';
import { folderWith } from './fakes.ts';

it.each(['constructor', '__proto__', 'toString'])(
  'a plug-in with a parameter "%s", which every object has, is refused',
  async (name) => {
    const text = `
      import { z } from '${import.meta.resolve('zod')}';
      const shape = Object.defineProperty({}, '${name}', { value: z.number(), enumerable: true });
      export default { name: 'mine', solve() {}, params: z.object(shape) };`;
    const path = join(folderWith({ 'mine.mjs': text }), 'mine.mjs');
    await expect(loadPlugin(path)).rejects.toThrow(
      `plug-in ${path}: mine: no parameter can be called "${name}": every JavaScript object has that`,
    );
  },
);

it('a key "__proto__", which schemas drop, is refused where any key is allowed', () => {
  const schema = z.object({ weights: z.record(z.string(), z.number()) });
  const found = parseYaml('weights: { constructor: 1, __proto__: 2 }', 'e.yaml');
  expect(() => check(schema, found, 'mine')).toThrow(
    'e.yaml:1:28: mine.weights.__proto__: this key cannot be used',
  );
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { packageRoot } from '../../harness/cli/package-info.ts';
import { type ParameterInfo, parametersOf } from '../../harness/cli/parameters.ts';
import { core } from '../../harness/config/check.ts';
import { experimentSchema } from '../../harness/config/schema.ts';

const row = (prefix: string, { name, type, description, ...rest }: ParameterInfo) => {
  const fallback = 'default' in rest && type !== 'mapping' ? `\`${JSON.stringify(rest.default)}\`` : '';
  return `| \`${prefix}${name}\` | ${type.replaceAll('|', 'or')} | ${fallback} | ${description} |`.replace(
    / +/g,
    ' ',
  );
};

/** The table of docs/configuration.md, one line a key, those of inner mappings below their owner. */
function expectedTable(): string {
  const lines = parametersOf(experimentSchema).flatMap((key) => {
    const field = core(experimentSchema.shape[key.name as keyof typeof experimentSchema.shape]);
    const inner = field instanceof z.ZodObject ? parametersOf(field) : [];
    return [row('', key), ...inner.map((parameter) => row(`${key.name}.`, parameter))];
  });
  return ['| key | type | default | meaning |', ...lines].join('\n');
}

it('docs/configuration.md lists exactly the keys of the schema', () => {
  const text = readFileSync(join(packageRoot, 'docs/configuration.md'), 'utf8');
  const rows = text.split('\n').filter((line) => line.startsWith('|') && !line.includes('---'));
  expect(rows.map((line) => line.replace(/ +/g, ' ')).join('\n')).toBe(expectedTable());
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { packageRoot } from '../../harness/cli/package-info.ts';
import { type ParameterInfo, parametersOf } from '../../harness/cli/parameters.ts';
import { core } from '../../harness/config/check.ts';
import { experimentSchema } from '../../harness/config/schema.ts';
import { slurmSchema } from '../../harness/config/slurm.ts';
import { tuneSchema } from '../../harness/tuning/section.ts';

const row = (prefix: string, { name, type: typeName, description, ...rest }: ParameterInfo) => {
  // The keys of a mapping have rows of their own.
  const type = typeName.replace(/\{.*\}/, 'mapping');
  const fallback = 'default' in rest && type !== 'mapping' ? `\`${JSON.stringify(rest.default)}\`` : '';
  return `| \`${prefix}${name}\` | ${type.replaceAll('|', 'or')} | ${fallback} | ${description} |`.replace(
    / +/g,
    ' ',
  );
};

/** A table of docs/configuration.md, one line a key, those of inner mappings below their owner. */
function tableOf(schema: z.ZodObject): string {
  const lines = parametersOf(schema).flatMap((key) => {
    const field = core(schema.shape[key.name]);
    const inner = field instanceof z.ZodObject ? parametersOf(field) : [];
    return [row('', key), ...inner.map((parameter) => row(`${key.name}.`, parameter))];
  });
  return ['| key | type | default | meaning |', ...lines].join('\n');
}

it('docs/configuration.md lists exactly the keys of an experiment, and of its sections tune and executor', () => {
  const text = readFileSync(join(packageRoot, 'docs/configuration.md'), 'utf8');
  const rows = text.split('\n').filter((line) => line.startsWith('|') && !line.includes('---'));
  expect(rows.map((line) => line.replace(/ +/g, ' ')).join('\n')).toBe(
    [experimentSchema, tuneSchema, slurmSchema].map(tableOf).join('\n'),
  );
});

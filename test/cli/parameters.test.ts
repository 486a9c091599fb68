import { expect, it } from 'vitest';
import { z } from 'zod';
import { parametersOf } from '../../harness/cli/parameters.ts';

it('names types as a person writes them', () => {
  const schema = z.object({
    steps: z.int().min(1),
    share: z.number().min(0).lt(1),
    scale: z.number().positive(),
    free: z.number(),
    mode: z.enum(['plain', 'adam']),
    every: z.union([z.int(), z.literal('never')]),
    betas: z.array(z.number()),
    prompt: z.string(),
    start: z.string().nullable(),
    on: z.boolean(),
    inner: z.object({ a: z.number() }),
    any: z.record(z.string(), z.unknown()),
  });
  expect(Object.fromEntries(parametersOf(schema).map(({ name, type }) => [name, type]))).toEqual({
    steps: 'integer >= 1',
    share: 'number >= 0, < 1',
    scale: 'number > 0',
    free: 'number',
    mode: 'plain | adam',
    every: 'integer | never',
    betas: 'list of number',
    prompt: 'string',
    start: 'string | null',
    on: 'boolean',
    inner: '{ a: number }',
    any: 'mapping',
  });
});

it('has a default only where one is declared', () => {
  const parameters = parametersOf(
    z.object({
      given: z.number(),
      preset: z.number().default(3).describe('why'),
      left: z.number().optional(),
    }),
  );
  expect(parameters).toMatchObject([
    { name: 'given', required: true },
    { name: 'preset', required: false, default: 3, description: 'why' },
    { name: 'left', required: false },
  ]);
  expect(parameters[0]).not.toHaveProperty('default');
});

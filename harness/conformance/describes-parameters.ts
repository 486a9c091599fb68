import type { z } from 'zod';
import { expect } from './check.ts';

/** A parameter says what it is in `tweedie list`, has a default, and no others are taken. */
export function describesParameters({ params }: { readonly params: z.ZodObject }): void {
  for (const [key, schema] of Object.entries(params.shape)) {
    const { description } = schema as { description?: string };
    expect(Boolean(description), `params.${key}: expected a description (.describe('...'))`);
  }
  const { error } = params.safeParse({});
  expect(!error, `params: without any, expected the defaults; ${error?.issues[0]?.path.join('.')} has none`);
  const unknown = params.safeParse({ 'no such parameter': 1 });
  expect(!unknown.success, 'params: accepts unknown names; expected z.strictObject');
}

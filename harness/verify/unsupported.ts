import type { z } from 'zod';
import { expectation } from '../text/expectation.ts';

/** A case that asks for something this program does not do: it is skipped, and the reason shown. */
export class Unsupported extends Error {
  override readonly name = 'Unsupported';
}

/** A case's params, checked. Throws Unsupported for a key or a value that the entry does not know. */
export function readParams<S extends z.ZodType>(schema: S, params: unknown): z.infer<S> {
  const result = schema.safeParse(params);
  if (result.success) return result.data;
  const issue = result.error.issues[0]!;
  const place = ['params', ...issue.path].join('.');
  if (issue.code === 'unrecognized_keys') {
    throw new Unsupported(`${place}: unknown ${issue.keys.map((key) => `"${key}"`).join(', ')}`);
  }
  const found = issue.path.reduce<unknown>(
    (node, key) => (node as Record<PropertyKey, unknown>)?.[key],
    params,
  );
  throw new Unsupported(
    `${place}: found ${JSON.stringify(found) ?? 'nothing'}; ${expectation(issue.message)}`,
  );
}

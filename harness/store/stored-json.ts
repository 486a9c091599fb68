import { z } from 'zod';
import { UserError } from '../errors.ts';
import { chartRefSchema } from '../identity/chart-ref.ts';
import { METHOD_GROUPS } from '../identity/method-group.ts';

const names = z.array(z.string()).nullable();

/** What columns hold; written by this version or an earlier one, and read as it may have been changed since. */
export const stored = {
  params: z.record(z.string(), z.unknown()),
  protocol: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  counts: z.record(z.string(), z.number()),
  versions: z.record(z.string(), z.string()),
  texts: z.array(z.string()),
  numbers: z.array(z.number()),
  report: z.object({
    baseline: z.string().nullable(),
    charts: z.array(chartRefSchema),
    published: z.array(z.string()).optional(),
    priors: z.array(z.object({ name: z.string(), key: z.string() })).optional(),
    seen: z.array(z.string()).optional(),
    labels: z.record(z.string(), z.string()).optional(),
    groups: z.record(z.string(), z.enum(METHOD_GROUPS)).optional(),
    tables: z
      .array(
        z.object({
          title: z.string().nullable(),
          experiments: names,
          tasks: names,
          metrics: names,
          methods: names,
          groups: z.boolean(),
          intervals: z.boolean(),
          footnotes: z.array(z.object({ method: z.string().nullable(), text: z.string() })),
        }),
      )
      .optional(),
  }),
} as const;

/**
 * JSON of a column.
 * @param column where it stands, e.g. `cells.params`
 * @throws UserError where it is none, or of another shape: the database is not as it was written
 */
export function storedJson<T>(text: string, column: string, shape: z.ZodType<T>): T {
  const answer = shape.safeParse(parsed(text, column));
  if (answer.success) return answer.data;
  throw damaged(text, column, `not what is kept there (${answer.error.issues[0]!.message})`);
}

/**
 * A time of a column, ISO 8601.
 * @throws UserError where it is none
 */
export function storedTime(text: string, column: string): string {
  if (Number.isNaN(Date.parse(text))) throw damaged(text, column, 'no date');
  return text;
}

function parsed(text: string, column: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw damaged(text, column, 'not JSON');
  }
}

function damaged(text: string, column: string, what: string): UserError {
  return new UserError(
    `the results' database is damaged: ${column} holds ${JSON.stringify(text.slice(0, 40))}, which is ${what}; ` +
      'to make a new one of the stored files: tweedie rebuild EXPERIMENT.yaml',
  );
}

import { z } from 'zod';
import { failureKinds } from '../store/records.ts';
import { LOG_CHARACTERS, MESSAGE_CHARACTERS } from '../text/bounded.ts';
import type { FromChild } from './messages.ts';

/** Any number but NaN: the PSNR of equal pictures is infinite. */
const value = z.custom<number>((v) => typeof v === 'number' && !Number.isNaN(v), 'expected a number');
const protocol = z.record(z.string(), z.unknown());
const key = z.string().min(1);

const artifact = z.strictObject({
  role: z.enum(['result', 'given', 'truth']),
  media: z.enum(['picture', 'labels', 'array']),
  path: key,
  sha256: z.hash('sha256'),
});
const score = z.strictObject({ metric: key, version: z.int(), protocol, value });
const solution = z.strictObject({
  cellKey: key,
  artifacts: z.array(artifact),
  seconds: z.number().nonnegative(),
  steps: z.number().nonnegative(),
  counters: z.record(z.string(), z.number()),
  device: key,
  batch: z.array(z.string()),
  scores: z.array(score),
});
const setScore = z.strictObject({
  key,
  metric: key,
  version: z.int(),
  protocol,
  value,
  standardError: value.nullable(),
  replicates: z.array(value),
  warnings: z.array(z.string()),
});
const message = z.string().min(1).max(MESSAGE_CHARACTERS);
const stack = z.string().max(LOG_CHARACTERS);

const fromChild = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('loaded') }),
  z.strictObject({ kind: z.literal('solved'), solution }),
  z.strictObject({ kind: z.literal('nan'), cellKey: key, message }),
  z.strictObject({ kind: z.literal('scored'), cellKey: key, scores: z.array(score) }),
  z.strictObject({ kind: z.literal('set-scored'), score: setScore }),
  z.strictObject({
    kind: z.literal('progress'),
    done: z.number().nonnegative(),
    total: z.number().nonnegative(),
  }),
  z.strictObject({ kind: z.literal('finished') }),
  z.strictObject({ kind: z.literal('failed'), failure: z.enum(failureKinds), message, stack }),
  z.strictObject({ kind: z.literal('uncaught'), message, stack }),
  z.strictObject({ kind: z.literal('stop'), message }),
]) satisfies z.ZodType<FromChild>;

/**
 * What a child has said, checked: the user's solver runs in the same process and can write to the same channel.
 * @throws Error that says in a few words what is wrong with it
 */
export function readFromChild(said: unknown): FromChild {
  const { success, data, error } = fromChild.safeParse(said);
  if (success) return data;
  const [{ path, message }] = error.issues as [z.core.$ZodIssue];
  throw new Error(`a message that is none of its own (${[...path, message].join(': ')})`);
}

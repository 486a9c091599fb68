import { z } from 'zod';
import { nearest } from '../names.ts';
import { expectation } from '../text/expectation.ts';
import { shown } from '../text/shown.ts';

/** The version of what the harness and a program say to one another (docs/external-solvers.md). */
export const PROTOCOL = 1;

const finite = z.number().nullable();

const TYPES = {
  /** `done` of `total` steps are over. */
  progress: z.strictObject({ done: z.number(), total: z.number() }),
  /** Numbers of the step that `progress` has told last, one or one a picture; null for what is not finite. */
  trace: z.strictObject({ scalars: z.record(z.string(), z.union([finite, z.array(finite)])) }),
  /** Asks for a function's value; what the function takes stands beside its name. */
  evaluate: z.looseObject({ op: z.string() }),
  /** The pictures that it has found. */
  result: z.strictObject({ x: z.string() }),
  /** The program gives up. */
  error: z.strictObject({ message: z.string() }),
} as const;

type Types = typeof TYPES;

/** What a program says: one JSON object a line. */
export type Said = { [T in keyof Types]: { readonly type: T } & z.infer<Types[T]> }[keyof Types];

/** @throws Error for a line that is none of the messages, in a sentence that follows the program's name */
export function readSaid(line: string): Said {
  const value = parsed(line);
  if (typeof value !== 'object' || value === null || !('type' in value))
    throw new Error(
      `wrote ${shown(line)} to standard output, which is the harness's: print to standard error instead (Python: print(..., file=sys.stderr))`,
    );
  const { type, ...rest } = value;
  if (typeof type !== 'string' || !Object.hasOwn(TYPES, type))
    throw new Error(
      `sent a message of the type ${shown(type)}: ${nearest(String(type), Object.keys(TYPES))}`,
    );
  return {
    type,
    ...checkArguments<object>(TYPES[type as keyof Types] as z.ZodType<object>, rest, type),
  } as Said;
}

/** @throws Error that names the first argument that is missing or wrong */
export function checkArguments<T>(schema: z.ZodType<T>, given: object, of: string): T {
  const { data, error } = schema.safeParse(given);
  if (!error) return data;
  const { code, path, message } = error.issues[0]!;
  if (code === 'unrecognized_keys') throw new Error(`sent ${of}: ${message}`);
  const value = path.reduce<unknown>((node, key) => (node as Record<PropertyKey, unknown>)?.[key], given);
  const found = value === undefined ? 'nothing' : shown(value);
  throw new Error(`sent ${[of, ...path.map(String)].join(': ')}: found ${found}; ${expectation(message)}`);
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

import { readFileSync } from 'node:fs';
import type { z } from 'zod';
import { UserError } from '../errors.ts';

/** Reads a network's JSON file (config.json, vocab.json, ...); throws UserError naming file and key. */
export function readConfigFile<S extends z.ZodType>(path: string, schema: S): z.infer<S> {
  return parseConfig(path, readJson(path), schema);
}

/** Throws UserError for a file that is not there or is not JSON. */
export function readJson(path: string): unknown {
  const text = readBytes(path).toString('utf8');
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UserError(`${path}: is not JSON: ${(error as Error).message}`);
  }
}

/** Checks a config against what the network code supports. */
export function parseConfig<S extends z.ZodType>(source: string, json: unknown, schema: S): z.infer<S> {
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  const issue = result.error.issues[0]!;
  const found = issue.path.reduce<unknown>(
    (node, key) => (node as Record<PropertyKey, unknown>)?.[key],
    json,
  );
  const where = issue.path.length > 0 ? `${issue.path.join('.')}: ` : '';
  throw new UserError(`${source}: ${where}found ${brief(found)}; ${issue.message}`);
}

/** A whole file; throws UserError where it cannot be read. */
export function readBytes(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new UserError(`${path}: cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
}

/** A value as a message shows it; a damaged file may hold megabytes, or nest deeper than can be printed. */
function brief(value: unknown): string {
  try {
    const text = JSON.stringify(value) ?? 'nothing';
    return text.length > 100 ? `${text.slice(0, 100)}...` : text;
  } catch {
    return 'a value nested too deep';
  }
}

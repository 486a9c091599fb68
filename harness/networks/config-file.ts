import { closeSync, fstatSync } from 'node:fs';
import { parse } from 'yaml';
import type { z } from 'zod';
import { UserError } from '../errors.ts';
import { expectation } from '../text/expectation.ts';
import { foreignText } from './foreign-file.ts';
import { openForReading, readAt } from './open-for-reading.ts';
import { shown } from './shown.ts';

/** The largest vocabulary takes one megabyte. */
const MAX_BYTES = 2 ** 22;

/** Reads a network's JSON file (config.json, vocab.json, ...); throws UserError naming file and key. */
export function readConfigFile<S extends z.ZodType>(path: string, schema: S): z.infer<S> {
  return parseConfig(path, readJson(path), schema);
}

/** Throws UserError for a file that is not there, is not JSON, or takes more than 4 MiB. */
export function readJson(path: string): unknown {
  const { bytes, kind } = readWhole(path);
  const text = bytes.toString('utf8');
  // As Python's json refuses it.
  if (text.startsWith('\ufeff'))
    throw new UserError(
      `${path}: starts with a byte order mark; expected JSON without one: save it as plain UTF-8`,
    );
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UserError(`${path}: is not JSON: ${kind ?? shown((error as Error).message)}`);
  }
}

/** Throws UserError for a file that is not there, is not YAML, or takes more than 4 MiB. */
export function readYaml(path: string): unknown {
  const text = readBytes(path).toString('utf8');
  try {
    return parse(text);
  } catch (error) {
    throw new UserError(`${path}: broken YAML: ${shown((error as Error).message.split('\n')[0]!)}`);
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
  const where = issue.path.length > 0 ? `${shown(issue.path.join('.'))}: ` : '';
  throw new UserError(`${source}: ${where}found ${brief(found)}; ${expectation(issue.message)}`);
}

/** A whole file; throws UserError where it cannot be read or takes more than 4 MiB. */
export function readBytes(path: string): Buffer {
  return readWhole(path).bytes;
}

/** With what else the file is, as far as its first bytes tell. */
function readWhole(path: string): { bytes: Buffer; kind: string | null } {
  const fd = openForReading(path);
  try {
    const { size } = fstatSync(fd);
    if (size > MAX_BYTES) throw new UserError(`${path}: takes ${size} bytes; at most ${MAX_BYTES} are read`);
    return { bytes: Buffer.from(readAt(path, fd, 0, size)), kind: foreignText(fd) };
  } finally {
    closeSync(fd);
  }
}

/** A value as a message shows it; a damaged file may hold megabytes, or nest deeper than can be printed. */
function brief(value: unknown): string {
  try {
    const text = JSON.stringify(value) ?? 'nothing';
    return shown(text);
  } catch {
    return 'a value nested too deep';
  }
}

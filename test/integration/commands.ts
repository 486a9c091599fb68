import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll } from 'vitest';

/** Runs a program; returns what it printed on both streams. Rejects with all of that where it fails. */
export async function output(cwd: string, program: string, ...args: readonly string[]): Promise<string> {
  // npm passes its own settings on to what it starts: the npm in here is one that a person started.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name)));
  const { stdout, stderr } = await promisify(execFile)(program, args, { cwd, env, maxBuffer: 1 << 28 });
  return stdout + stderr;
}

/** npm's warnings, except those about settings of this machine's own. */
export function warningsOf(printed: string): string[] {
  return printed
    .split('\n')
    .filter((line) => /^npm warn/i.test(line) && !/Unknown (user|global|builtin|env|cli) config/.test(line));
}

/** A new folder, gone after the tests of this file, whose name has what breaks careless programs: a space and an umlaut. */
export function awkwardFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tweedie für alle '));
  afterAll(() => rmSync(folder, { recursive: true, force: true }), 300_000);
  return folder;
}

/** An experiment of seconds, with a chart. */
export const EXPERIMENT = `name: tiny
prior: embedded
data: { set: toyfaces, split: test, count: 2 }
tasks: [super-resolution]
solvers: [{ ldps: { steps: 2 } }]
`;

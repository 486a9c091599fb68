import { indicesIn } from './array-indices.ts';
import type { ElementState } from './cluster.ts';
import { type ExitCode, elementState } from './element-state.ts';

/** By job and index. */
export type Elements = ReadonlyMap<string, ReadonlyMap<number, ElementState>>;

/** Columns of squeue, and their widths: it pads and cuts. */
const COLUMNS = [
  ['ArrayJobID', 16],
  ['ArrayTaskID', 16],
  ['State', 24],
  ['exit_code', 16],
  ['NodeList', 64],
] as const;

/** For `squeue -r -O`: the one form that all versions have and that tells exit codes. */
export const QUEUE_FORMAT = COLUMNS.map(([name, width]) => `${name}:${width}`).join(',');

/** What squeue printed in that form, without a heading: a line an element. */
export function readQueue(printed: string): Elements {
  return collect(
    linesOf(printed).map((line) => {
      let start = 0;
      const [job, index, word, exit, node] = COLUMNS.map(([, width]) => {
        start += width;
        return line.slice(start - width, start).trim();
      }) as [string, string, string, string, string];
      return { job, indices: indicesIn(index), state: elementState(word, waitStatus(exit), node) };
    }),
  );
}

/** For `sacct -X -P -n --format`. */
export const ACCOUNTING_FORMAT = 'JobID,State,ExitCode,NodeList';

/** What sacct printed in that form: a line an element, those that have never started together (`7_[3-9%2]`). */
export function readAccounting(printed: string): Elements {
  return collect(
    linesOf(printed).flatMap((line) => {
      const [id = '', word = '', exit = '', node = ''] = line.split('|');
      const [, job, index] = /^(\d+)_(\d+|\[.*\])$/.exec(id) ?? [];
      if (job === undefined || index === undefined) return [];
      return [{ job, indices: indicesIn(index), state: elementState(word, exitCode(exit), node) }];
    }),
  );
}

interface Row {
  readonly job: string;
  readonly indices: readonly number[];
  readonly state: ElementState;
}

function collect(rows: readonly Row[]): Elements {
  const jobs = new Map<string, Map<number, ElementState>>();
  for (const { job, indices, state } of rows) {
    const elements = jobs.get(job) ?? new Map<number, ElementState>();
    for (const index of indices) elements.set(index, state);
    jobs.set(job, elements);
  }
  return jobs;
}

function linesOf(printed: string): string[] {
  return printed.split('\n').filter((line) => line.trim() !== '');
}

/** `3:0`. */
function exitCode(text: string): ExitCode | null {
  const [, code, signal] = /^(\d+):(\d+)$/.exec(text) ?? [];
  return code === undefined ? null : { code: Number(code), signal: Number(signal) };
}

/** squeue prints what wait(2) gave: 768 of exit code 3, 9 of SIGKILL. */
function waitStatus(text: string): ExitCode | null {
  if (!/^\d+$/.test(text)) return exitCode(text);
  const status = Number(text);
  return { code: status >> 8, signal: status & 0x7f };
}

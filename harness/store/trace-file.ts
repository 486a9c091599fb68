import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { bytesOfFile } from '../regular-file.ts';

const traceFile = z.object({
  format: z.literal(1),
  /** Of the run. */
  steps: z.int(),
  /** By name: pairs of a step, from 1, and its number; null for one that is not finite. */
  scalars: z.record(z.string(), z.array(z.tuple([z.number(), z.number().nullable()]))),
  /** By name: the steps of which a picture lies beside this file. */
  pictures: z.record(z.string(), z.array(z.number())),
});

/** What a solver has said of its steps for one cell: kept on request, no part of its result. */
export type TraceFile = z.infer<typeof traceFile>;

/** Where a cell's trace lies, relative to the results folder. */
export function tracePath(cellKey: string): string {
  return `traces/${cellKey.slice(0, 2)}/${cellKey}.json`;
}

export function tracePicturePath(cellKey: string, name: string, step: number): string {
  return `traces/${cellKey.slice(0, 2)}/${cellKey}-${name}-${step}.png`;
}

/** The cell that a file of a trace, by its name, belongs to. */
export function cellOfTrace(name: string): string {
  return name.replace(/[-.].*$/s, '');
}

/** null: there is none that can be read. */
export function readTrace(dir: string, cellKey: string): TraceFile | null {
  try {
    return traceFile.parse(JSON.parse(bytesOfFile(join(dir, tracePath(cellKey)))?.toString('utf8') ?? ''));
  } catch {
    return null;
  }
}

/** Keys of the cells that have a trace. */
export function tracedCells(dir: string): ReadonlySet<string> {
  try {
    const names = readdirSync(join(dir, 'traces'), { recursive: true, encoding: 'utf8' });
    return new Set(names.flatMap((name) => /([^/\\]+)\.json$/.exec(name)?.[1] ?? []));
  } catch {
    return new Set();
  }
}

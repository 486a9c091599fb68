import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type CellRow, experimentsOf, scoresOf } from '../store/cell-rows.ts';
import type { Named } from '../store/rows.ts';
import { runOfCell } from '../store/runs.ts';
import type { Store } from '../store/store.ts';
import { stored, storedJson } from '../store/stored-json.ts';
import { readTrace, tracePath } from '../store/trace-file.ts';
import { askedOf } from './asked.ts';

export type Facts = Readonly<Record<string, unknown>>;

/** All that is known of a cell, as `show` prints it. */
export function cellFacts(store: Store, cell: CellRow, named: Named): Facts {
  const { key, method, setting, result, resultArray, truth, given, ...rest } = cell;
  const { kind } = named.settings.get(setting)!;
  return {
    cell: key,
    ...rest,
    asked: askedOf(store, kind, truth),
    method: named.methods.get(method)!,
    setting: named.settings.get(setting)!,
    scores: scoresOf(store, key).map((score) => ({
      ...score,
      protocol: storedJson(score.protocol, 'scores.protocol', stored.protocol),
      value: Number.isFinite(score.value) ? score.value : String(score.value),
    })),
    files: Object.fromEntries(
      Object.entries({ result, resultArray, truth, given }).map(([role, path]) => [
        role,
        fileOf(store, path),
      ]),
    ),
    run: runOfCell(store, key),
    trace: traceFacts(store, key),
    experiments: experimentsOf(store, key),
  };
}

/** The absolute path; a file that is not there any more is named as that. */
function fileOf({ dir }: Store, path: string | null): string | null {
  if (path === null) return null;
  const file = join(dir, path);
  return existsSync(file) ? file : `${file} (missing)`;
}

/** Of each number its first and last value; of pictures the steps. */
function traceFacts({ dir }: Store, cellKey: string): Facts | null {
  const trace = readTrace(dir, cellKey);
  if (!trace) return null;
  const ends = ([name, points]: [string, readonly (readonly [number, number | null])[]]) => [
    name,
    { first: points[0]?.[1] ?? null, last: points.at(-1)?.[1] ?? null },
  ];
  return {
    file: join(dir, tracePath(cellKey)),
    steps: trace.steps,
    ...Object.fromEntries(Object.entries(trace.scalars).map(ends)),
    pictures: trace.pictures,
  };
}

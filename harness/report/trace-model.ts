import { join } from 'node:path';
import { bytesOfFile } from '../regular-file.ts';
import { readTrace, tracePicturePath } from '../store/trace-file.ts';
import type { ReportSource } from './source.ts';
import type { TableModel } from './table-model.ts';

/** A number of a method by its steps; null for one that was not finite. */
export interface TracedScalar {
  readonly name: string;
  readonly points: readonly (readonly [step: number, value: number | null])[];
}

export interface TracedPicture {
  readonly name: string;
  readonly step: number;
  readonly png: Buffer;
}

/** What one method has said of its steps, of one picture. */
export interface MethodTrace {
  readonly label: string;
  readonly item: string;
  readonly seed: number;
  readonly steps: number;
  readonly scalars: readonly TracedScalar[];
  readonly pictures: readonly TracedPicture[];
}

/** The traces of a task's methods: those of its rows in their order, then those that have no row. */
export function buildTraces(table: TableModel, { traces, resultsDir }: ReportSource): MethodTrace[] {
  const place = new Map(table.rows.map(({ method }, i) => [method.key, i]));
  return traces
    .filter(({ setting }) => setting === table.key)
    .sort((a, b) => (place.get(a.method) ?? place.size) - (place.get(b.method) ?? place.size))
    .flatMap(({ cell, method, title, item, seed }): MethodTrace[] => {
      const label = table.rows[place.get(method) ?? -1]?.method.label ?? title;
      const trace = traceOf(resultsDir, cell, { label, item, seed });
      return trace ? [trace] : [];
    });
}

/** null: the cell has none that can be read. */
export function traceOf(
  resultsDir: string,
  cell: string,
  of: Pick<MethodTrace, 'label' | 'item' | 'seed'>,
): MethodTrace | null {
  const trace = readTrace(resultsDir, cell);
  if (!trace) return null;
  const scalars = Object.entries(trace.scalars).map(([name, points]) => ({ name, points }));
  const pictures = Object.entries(trace.pictures).flatMap(([name, steps]) =>
    steps.flatMap((step) => {
      const png = bytesOfFile(join(resultsDir, tracePicturePath(cell, name, step)));
      return png ? [{ name, step, png }] : [];
    }),
  );
  return { ...of, steps: trace.steps, scalars, pictures };
}

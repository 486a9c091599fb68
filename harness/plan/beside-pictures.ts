import { nodeAt } from '../config/located.ts';
import { type SourceLocation, UserError } from '../errors.ts';
import { captionParameters } from '../identity/own-caption.ts';
import type { DataRef } from '../identity/refs.ts';
import type { Task } from '../tasks/task.ts';
import type { DataSelection, MetricPoint, SolverPoint } from './experiment.ts';
import { placed } from './placed.ts';

/** What pictures show, by their ids. */
export type Captions = ReadonlyMap<string, string>;

/** Throws UserError for a task on labels that the data have not. */
export function refuseMissingLabels(
  task: Task,
  { dataset, ref }: DataSelection,
  where: SourceLocation,
): void {
  if (!task.labelled || dataset.labels) return;
  throw new UserError(`task ${task.name} needs labelled pictures; ${called(ref)} has none`, where);
}

/** Throws UserError for a metric of captions that the data have not. */
export function refuseMissingCaptions({ metric, where }: MetricPoint, { dataset, ref }: DataSelection): void {
  if (metric.against !== 'caption' || dataset.caption) return;
  throw new UserError(
    `metric ${metric.name} compares pictures with their captions; ${called(ref)} has none`,
    where,
  );
}

/**
 * The captions that methods are to be told; none are read where no parameter asks for them.
 * @throws UserError with the parameter's place where the data have none
 */
export async function readCaptions(
  points: readonly SolverPoint[],
  { dataset, ref, where }: DataSelection,
  ids: readonly string[],
): Promise<Captions> {
  const captions = new Map<string, string>();
  const asking = points.find(({ params }) => captionParameters(params).length > 0);
  if (!asking) return captions;
  if (!dataset.caption) {
    const [parameter] = captionParameters(asking.params) as [string];
    throw new UserError(
      `${asking.solver.name}.${parameter} is each picture's caption; ${called(ref)} has none`,
      nodeAt(asking.written, [parameter]).where,
    );
  }
  for (const id of ids) captions.set(id, await placed(where, () => dataset.caption!(id)));
  return captions;
}

function called(ref: DataRef): string {
  return ref.kind === 'set' ? `the data set ${ref.name}` : `the folder ${ref.folder}`;
}

import { nodeAt } from '../config/located.ts';
import { strangeTrait } from '../data/traits.ts';
import { UserError } from '../errors.ts';
import { captionParameters } from '../identity/own-caption.ts';
import type { DataRef } from '../identity/refs.ts';
import type { DataSelection } from './data-selection.ts';
import type { SolverPoint, TaskPoint } from './experiment.ts';
import type { MetricPoint } from './metric-points.ts';
import { placed } from './placed.ts';

/** What pictures show, by their ids. */
export type Captions = ReadonlyMap<string, string>;

/** Throws UserError for a task on labels, captions or traits that the data have not. */
export function refuseLackingData({ task, params, written }: TaskPoint, data: DataSelection): void {
  const { dataset, ref } = data;
  const refuse = (needs: string) => {
    throw new UserError(`task ${task.name} needs ${needs}; ${called(ref)} has none`, written.where);
  };
  if (task.labelled && !dataset.labels) refuse('labelled pictures');
  if (task.captioned && !dataset.caption) refuse('pictures with captions');
  if (task.editable && !dataset.traits) refuse('pictures whose traits can be changed');
  for (const [parameter, traits] of Object.entries(task.traits?.(params) ?? {})) {
    const strange = strangeTrait(dataset.name, dataset.traits!.values, traits);
    if (!strange) continue;
    const node = nodeAt(written, [parameter]);
    const entry = node.kind === 'map' ? node.entries.get(strange.trait) : undefined;
    const where = strange.of === 'name' ? entry?.keyWhere : entry?.value.where;
    throw new UserError(`${task.name}.${parameter}: ${strange.message}`, where ?? node.where);
  }
}

/** Throws UserError for a metric of captions that the data have not, or of traits that it does not see. */
export function refuseUnscorable({ metric, where }: MetricPoint, { dataset, ref }: DataSelection): void {
  if (metric.against === 'caption' && !dataset.caption)
    throw new UserError(
      `metric ${metric.name} compares pictures with their captions; ${called(ref)} has none`,
      where,
    );
  if (metric.of !== 'traits') return;
  const unseen = Object.entries(dataset.traits?.values ?? {}).find(([trait, values]) =>
    values.some((value) => !metric.sees[trait]?.includes(value)),
  );
  if (!dataset.traits || unseen)
    throw new UserError(
      `metric ${metric.name} sees ${Object.keys(metric.sees).join(', ')}; ${called(ref)} has ${unseen ? `the trait ${unseen[0]}` : 'no traits'}`,
      where,
    );
}

/**
 * The captions that methods are to be told, by parameters or by their tasks; none are read where nothing asks for them.
 * @throws UserError with the parameter's place where the data have none, with the data's where one is no text
 */
export async function readCaptions(
  tasks: readonly TaskPoint[],
  { dataset, ref, where }: DataSelection,
  ids: readonly string[],
): Promise<Captions> {
  const captions = new Map<string, string>();
  const asking = tasks
    .flatMap(({ solvers }): readonly SolverPoint[] => solvers)
    .find(({ params }) => captionParameters(params).length > 0);
  if (!asking && !tasks.some(({ task }) => task.captioned)) return captions;
  if (asking && !dataset.caption) {
    const [parameter] = captionParameters(asking.params) as [string];
    throw new UserError(
      `${asking.solver.name}.${parameter} is each picture's caption; ${called(ref)} has none: expected one text for all, as ""`,
      nodeAt(asking.written, [parameter]).where,
    );
  }
  for (const id of ids) {
    const caption: unknown = await placed(where, () => dataset.caption!(id));
    if (typeof caption !== 'string')
      throw new UserError(
        `caption of ${id}: expected text, found ${JSON.stringify(caption) ?? 'nothing'}`,
        where,
      );
    captions.set(id, caption);
  }
  return captions;
}

function called(ref: DataRef): string {
  return ref.kind === 'set' ? `the data set ${ref.name}` : `the folder ${ref.folder}`;
}

import { Document, isMap, isPair, isScalar, visit } from 'yaml';
import { plain } from '../config/located.ts';
import type { OutputKind } from '../output-file.ts';
import type { Experiment, TaskPoint } from '../plan/experiment.ts';
import type { Found } from './best.ts';

/** An entry of `tasks` as an experiment's file has it. */
export type TaskEntry = Readonly<Record<string, unknown>>;

/** The experiment's tasks with what was found laid over what stood under their `override`. */
export function tunedTasks({ tasks }: Pick<Experiment, 'tasks'>, found: readonly Found[]): TaskEntry[] {
  return tasks.map((task) => {
    const override = new Map<string, unknown>(standing(task));
    for (const { search, best } of found) {
      if (search.task !== task || best === null) continue;
      const { name } = search.solver;
      const { params } = search.points[best]!;
      const values = Object.fromEntries(search.parameters.map((key) => [key, params[key]]));
      override.set(name, { ...(override.get(name) ?? {}), ...values });
    }
    return {
      [task.task.name]: plain(task.written),
      ...(override.size > 0 ? { override: Object.fromEntries(override) } : {}),
    };
  });
}

function standing({ override }: TaskPoint): [string, unknown][] {
  return [...(override?.entries ?? [])].map(([name, { value }]) => [name, plain(value)]);
}

/** The first line of every file of tuned tasks. */
const FIRST_LINE = '# Found by tweedie tune';

export const TUNED_OUTPUT: OutputKind = {
  name: 'tuned tasks',
  begins: new RegExp(`^${FIRST_LINE}`),
};

/** The tasks as YAML: a mapping for each, the parameters of each method in a line. */
export function tasksYaml(tasks: readonly TaskEntry[]): string {
  const document = new Document({ tasks });
  visit(document, {
    Map(_, map, path) {
      const owner = path.at(-1);
      const name = isPair(owner) && isScalar(owner.key) ? owner.key.value : null;
      const isTask = !isPair(owner) || name === 'override';
      if (!isTask) map.flow = true;
    },
  });
  if (isMap(document.contents)) document.contents.flow = false;
  return document.toString({ lineWidth: 0, flowCollectionPadding: true });
}

/** A file that an experiment can extend. `facts` says how it was made, a comment line each. */
export function tunedFile(tasks: readonly TaskEntry[], facts: readonly string[]): string {
  const comments = facts.map((fact) => `# ${fact}\n`).join('');
  return `${FIRST_LINE}\n${comments}${tasksYaml(tasks)}`;
}

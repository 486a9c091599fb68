import { differingKeys, formatParams } from '../identity/param-text.ts';
import type { TaskPoint } from './experiment.ts';

/** A task's name, with the parameters that tell it from the others of its name: `trait-editing (count=2)`. */
export function calledAmong(tasks: readonly TaskPoint[], { task, params }: TaskPoint): string {
  const namesakes = tasks.filter((other) => other.task.name === task.name);
  const keys = differingKeys(namesakes.map((other) => other.params));
  return keys.length > 0 ? `${task.name} (${formatParams(params, keys)})` : task.name;
}

import { UserError } from '../errors.ts';
import { nearest } from '../names.ts';
import { experimentNames } from '../store/queries.ts';
import type { Store } from '../store/store.ts';

/**
 * The experiment that a command means: the one named, or the only one there is.
 * @throws UserError where the name is unknown, or missing and ambiguous.
 */
export function resolveExperiment(store: Store, name: string | undefined): string {
  const names = experimentNames(store);
  if (name === undefined) {
    if (names.length === 1) return names[0]!;
    throw new UserError(
      names.length === 0
        ? `${store.dir} holds no experiment yet`
        : `name an experiment: one of ${names.join(', ')}`,
    );
  }
  if (names.includes(name)) return name;
  throw new UserError(`unknown experiment "${name}" in ${store.dir}: ${nearest(name, names)}`);
}

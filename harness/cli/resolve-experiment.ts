import { UserError } from '../errors.ts';
import { nearest } from '../names.ts';
import { experimentNames } from '../store/queries.ts';
import type { Store } from '../store/store.ts';
import { nameIn, versionsOf } from '../store/versions.ts';
import { counted } from '../text/count.ts';

/**
 * The experiment that a command means: the one named, of which NAME@VERSION is a version, or the only one there is.
 * @throws UserError where the name or version is unknown, or missing and ambiguous.
 */
export function resolveExperiment(store: Store, ref: string | undefined): string {
  const names = experimentNames(store);
  if (ref === undefined) {
    if (names.length === 1) return names[0]!;
    throw new UserError(
      names.length === 0
        ? `${store.dir} holds no experiment yet`
        : `name an experiment: one of ${names.join(', ')}`,
    );
  }
  const name = nameIn(ref);
  if (!names.includes(name))
    throw new UserError(`unknown experiment "${name}" in ${store.dir}: ${nearest(name, names)}`);
  if (ref !== name) requireVersion(store, name, ref);
  return ref;
}

function requireVersion(store: Store, name: string, ref: string): void {
  const versions = versionsOf(store, name);
  if (versions.some((version) => version.ref === ref)) return;
  const known = versions.map(({ version }) => version).join(', ');
  throw new UserError(
    `unknown version "${ref}" in ${store.dir}: ${name} has ${counted(versions.length, 'version')} (${known})`,
  );
}

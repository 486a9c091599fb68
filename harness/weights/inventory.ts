import { registered } from './location.ts';
import { readManifests, type WeightsManifest } from './manifest.ts';
import { examineFile, type FileState, pathOf, placeOf, statOf } from './state.ts';

/** `here`: every file is there, of the right size where that is known; `partly`: some are; `wrong`: one has another size. */
export type Availability = 'here' | 'partly' | 'missing' | 'wrong';

export interface Inventoried {
  readonly name: string;
  /** Absent for weights that were registered under a name of their own. */
  readonly manifest?: WeightsManifest;
  readonly availability: Availability;
  /** Where they lie, or where they should. */
  readonly path: string;
  /** Of the files that are there; absent for a folder of a person's own. */
  readonly bytes?: number;
}

/** All known weights, then those registered under names of their own. Looks at sizes only. */
export function takeInventory(): Inventoried[] {
  const manifests = readManifests();
  const own = [...registered()].filter(([name]) => !manifests.has(name));
  return [
    ...[...manifests.values()].map(inventoryOf),
    ...own.map(([name, path]): Inventoried => {
      const stats = statOf(path);
      const bytes = stats?.isFile() ? { bytes: stats.size } : {};
      return { name, availability: stats ? 'here' : 'missing', path, ...bytes };
    }),
  ];
}

function inventoryOf(manifest: WeightsManifest): Inventoried {
  const states = manifest.files.map((file) => examineFile(placeOf(manifest, file), file, { hash: false }));
  const bytes = states.reduce((sum, found) => sum + ('bytes' in found ? found.bytes : 0), 0);
  return {
    name: manifest.name,
    manifest,
    availability: availabilityOf(states),
    path: pathOf(manifest),
    bytes,
  };
}

function availabilityOf(states: readonly FileState[]): Availability {
  if (states.some(({ state }) => state === 'wrong')) return 'wrong';
  const missing = states.filter(({ state }) => state === 'missing').length;
  if (missing === 0) return 'here';
  return missing === states.length ? 'missing' : 'partly';
}

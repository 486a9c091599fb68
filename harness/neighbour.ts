import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { nearestName } from './names.ts';

/** The hint that a mistyped path deserves, `; did you mean "demo.yaml"?`: the nearest name in its folder that fits, if any is near. */
export function neighbour(path: string, fits: (path: string) => boolean): string {
  const folder = dirname(path);
  const names = existsSync(folder) ? readdirSync(folder) : [];
  const name = nearestName(
    basename(path),
    names.filter((one) => fits(join(folder, one))),
  );
  return name === null ? '' : `; did you mean "${name}"?`;
}

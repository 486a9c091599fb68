import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { type Tensor, tf } from '../engine/tf.ts';
import { jsonHash } from '../identity/keys.ts';
import { fromImage8 } from '../pictures/image8.ts';
import { openPicture } from '../pictures/picture-content.ts';
import { decodeAsPillow } from '../pictures/pillow-picture.ts';
import type { ImageName } from '../solvers/run.ts';
import { defineSolver, type Solver } from '../solvers/solver.ts';
import type { Imported } from './description.ts';
import { type Matched, matchPictures, readArray, sha256Of } from './match.ts';

/**
 * Pictures that were made elsewhere, as a method like any other: it "solves" a problem of the manifest by reading its
 * picture.
 */
export function importedSolver(imported: Imported): Solver<'restore'> {
  const { name, title, citation, params } = imported;
  return defineSolver({
    name,
    ...(title !== undefined && { title }),
    version: 1,
    paper: citation,
    requires: {},
    params: z.strictObject(
      Object.fromEntries(
        Object.entries(params).map(([key, value]) => [key, z.literal(value).default(value)]),
      ),
    ),
    passes: () => 0,
    async solve(_given, { imageShape }, _params, run) {
      const matched = matchedOf(imported);
      const pictures: Tensor[] = [];
      for (const image of run.images)
        pictures.push(tf.tensor3d(await valuesOf(image, matched, imported), [...imageShape]));
      const x = tf.stack(pictures);
      tf.dispose(pictures);
      return x;
    },
  });
}

/** Over the pictures and the problems that they answer: a picture that is changed or added is scored anew. */
export function importedSha256(imported: Imported): string {
  const { pictures } = matchedOf(imported);
  return jsonHash(Object.fromEntries([...pictures].map(([problem, { sha256 }]) => [problem, sha256])));
}

const matches = new WeakMap<Imported, Matched>();

/** As first looked at: a key is a hash of it. */
function matchedOf(imported: Imported): Matched {
  const matched = matches.get(imported) ?? matchPictures(imported.folder, imported.measured);
  matches.set(imported, matched);
  return matched;
}

/** [C,H,W] in [-1,1]. */
async function valuesOf(
  { id, seed, problem }: ImageName,
  { pictures, entries }: Matched,
  { name, folder, measured }: Imported,
): Promise<Float32Array> {
  const entry = problem === undefined ? undefined : entries.get(problem);
  if (!entry)
    throw new Error(
      `${name}: ${measured} has no problem of ${id} with seed ${seed} as it is posed here; measure this experiment`,
    );
  const picture = pictures.get(problem!);
  if (!picture) throw new Error(`${name}: the picture ${entry.name}.png is missing in ${folder}`);
  const { file, sha256 } = picture;
  if (sha256Of(readFileSync(file)) !== sha256)
    throw new Error(`${name}: ${file} has changed since the plan was made`);
  if (file.endsWith('.npy')) return Float32Array.from(readArray(file).data);
  return fromImage8(await decodeAsPillow(await openPicture(file)));
}

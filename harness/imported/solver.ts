import { z } from 'zod';
import { jsonHash } from '../identity/keys.ts';
import { MissingPicture } from '../solvers/missing-picture.ts';
import type { ImageName } from '../solvers/run.ts';
import { defineSolver, type Solver } from '../solvers/solver.ts';
import type { Kind } from '../tasks/kinds.ts';
import type { Imported } from './description.ts';
import { type ImportedAnswer, type ImportedFile, type Matched, matchPictures } from './match.ts';
import { readAnswers } from './read.ts';

/**
 * Pictures that were made elsewhere, as a method like any other: it "solves" a problem of the manifest by reading its
 * picture, or its label map, or its picture and kernel.
 * @throws UserError for a folder that answers nothing
 */
export function importedSolver(imported: Imported): Solver<Kind> {
  const { name, title, citation, params } = imported;
  const { kind } = matchedOf(imported);
  return defineSolver({
    solves: kind as Kind,
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
      const found = run.images.map((image) => answerOf(image, imported));
      try {
        return await readAnswers(kind, found, imageShape);
      } catch (error) {
        throw new Error(`${name}: ${(error as Error).message}`, { cause: error });
      }
    },
  });
}

/** Over the files and the problems that they answer: a picture that is changed or added is scored anew. */
export function importedSha256(imported: Imported): string {
  const hashOf = ({ sha256, beside }: ImportedAnswer) => {
    const parts = Object.entries(beside).map(([what, one]: [string, ImportedFile]) => [what, one.sha256]);
    return parts.length === 0 ? sha256 : { sha256, ...Object.fromEntries(parts) };
  };
  const { pictures } = matchedOf(imported);
  return jsonHash(Object.fromEntries([...pictures].map(([problem, answer]) => [problem, hashOf(answer)])));
}

/** What `tweedie check` looks at: there are no networks to try it with. */
export const importedChecks: readonly { readonly name: string; run(imported: Imported): Promise<void> }[] = [
  {
    name: 'has a picture of each measured problem of its kind',
    async run(imported) {
      const { missing, entries } = matchedOf(imported);
      const [first] = missing.values();
      if (first !== undefined)
        throw new Error(
          `${missing.size} of ${entries.size} are missing in ${imported.folder}: ${first} for one`,
        );
    },
  },
  {
    name: 'has pictures that can be read, of the sizes of their truths',
    async run(imported) {
      const { kind, pictures, entries } = matchedOf(imported);
      for (const [problem, answer] of pictures)
        await readAnswers(kind, [answer], entries.get(problem)!.imageShape);
    },
  },
];

const matches = new WeakMap<Imported, Matched>();

/** As first looked at: a key is a hash of it. */
function matchedOf(imported: Imported): Matched {
  const matched = matches.get(imported) ?? matchPictures(imported.folder, imported.measured);
  matches.set(imported, matched);
  return matched;
}

function answerOf({ id, seed, problem }: ImageName, imported: Imported): ImportedAnswer {
  const { name, folder, measured } = imported;
  const { pictures, entries, missing } = matchedOf(imported);
  if (problem === undefined || !entries.has(problem))
    throw new MissingPicture(
      `${name}: ${measured} has no problem of ${id} with seed ${seed} as it is posed here; measure this experiment`,
    );
  const picture = pictures.get(problem);
  if (!picture) throw new MissingPicture(`${name}: ${missing.get(problem)} is missing in ${folder}`);
  return picture;
}

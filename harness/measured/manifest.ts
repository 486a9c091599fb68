import { join } from 'node:path';
import { z } from 'zod';
import { UserError } from '../errors.ts';
import { TASK_KINDS } from '../identity/refs.ts';
import { parseConfig } from '../networks/config-file.ts';
import { bytesOfFile, requireRegularFile } from '../regular-file.ts';

/** Beside the measurements of a folder. */
export const MANIFEST = 'manifest.json';
/** The format's own version. */
export const MANIFEST_VERSION = 1;
export const MANIFEST_FORMAT = 'tweedie measurements';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'expected a sha256 in hexadecimal');
/** Of a file, relative to the manifest's folder, with `/` between its parts. */
const path = z.string().min(1);

const entrySchema = z.object({
  /** What files of this problem are called, without their extension: that of its truth below `truths/`. */
  name: z.string().min(1),
  /** Key of the setting: task, parameters, data set and size. */
  setting: sha256,
  kind: z.enum(TASK_KINDS),
  task: z.string(),
  version: z.int(),
  parameters: z.record(z.string(), z.unknown()),
  data: z.string(),
  /** [C,H,W] of the truth. */
  imageShape: z.tuple([z.int(), z.int(), z.int()]),
  /** Of the picture in its data set. */
  id: z.string(),
  seed: z.int(),
  rng: z.string(),
  /** sha256 of the truth's 8-bit RGB pixels, row-major. */
  pixels: sha256,
  caption: z.string().optional(),
  /** Standard deviation of the noise for images in [-1,1]; null where a task adds none. */
  sigma: z.number().nullable(),
  noise: z.enum(['gaussian', 'poisson']).nullable(),
  /** null where a task has none; linear: null where it is one of a family that is not told. */
  operator: z.object({ name: z.string(), linear: z.boolean().nullable() }).nullable(),
  /** .npy: what a method is given, one image of the batch; null where it is given words alone. */
  y: path.nullable(),
  /** .png: the same, to look at. */
  picture: path.nullable(),
  /** What a method is told in words beside, by name: `caption`, `target`, `from`, `to`; left out: nothing. */
  words: z.record(z.string(), z.string()).optional(),
  /** .npy: what else it is given, by name: `mask`, `kernel`, `left`, `right`, ... */
  arrays: z.record(z.string(), path),
  /** .png of 8 bits. */
  truth: path,
  /** .npy: what a blind method is to find beside the picture, by name. */
  truths: z.record(z.string(), path),
});

const manifestSchema = z.object({
  format: z.literal(MANIFEST_FORMAT),
  version: z.literal(MANIFEST_VERSION),
  /** Of the program that has written it. */
  tweedie: z.string(),
  experiment: z.string(),
  entries: z.array(entrySchema),
  /** Of every file, by its path. */
  sha256: z.record(z.string(), sha256),
});

/** What every version has. */
const ofAnyVersion = z.object({
  format: z.literal(MANIFEST_FORMAT),
  version: z.number(),
  tweedie: z.string().optional(),
});

/** One problem: a picture of the data set under one task with one seed, as files. */
export type Entry = z.infer<typeof entrySchema>;
export type Manifest = z.infer<typeof manifestSchema>;

/** Bytes that a manifest of a hundred thousand problems stays below. */
const MAX_BYTES = 256 << 20;

/**
 * Reads the manifest of a folder that `tweedie measure` has written.
 * @throws UserError where there is none, or something else
 */
export function readManifest(folder: string): Manifest {
  const file = join(folder, MANIFEST);
  const { size } = requireRegularFile(file);
  if (size > MAX_BYTES)
    throw new UserError(`${file}: has ${size} bytes; expected a manifest of at most ${MAX_BYTES}`);
  return parseManifest(file, bytesOfFile(file)!.toString('utf8'));
}

function parseManifest(file: string, text: string): Manifest {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new UserError(`${file}: is not JSON: ${(error as Error).message}`);
  }
  const { data: other } = ofAnyVersion.safeParse(value);
  if (other && other.version !== MANIFEST_VERSION)
    throw new UserError(
      `${file}: is a manifest of version ${other.version}, and this program reads version ${MANIFEST_VERSION}: measure again, or use the tweedie that wrote it${other.tweedie === undefined ? '' : ` (${other.tweedie})`}`,
    );
  return parseConfig(file, value, manifestSchema);
}

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { UserError } from '../errors.ts';
import { nearest } from '../names.ts';
import { parseConfig, readYaml } from '../networks/config-file.ts';
import { PACKAGE_ROOT } from '../package-root.ts';

const fileSchema = z.strictObject({
  path: z.string().regex(/^\w[\w.-]*(\/\w[\w.-]*)*$/, 'expected a relative path'),
  bytes: z.int().positive().optional(),
  /** Only where it is known for certain; never computed from a file of unknown origin. */
  sha256: z.hash('sha256').optional(),
  /** First digits of the sha256, where its publisher gives no more. */
  sha256Prefix: z
    .string()
    .regex(/^[0-9a-f]{8,63}$/)
    .optional(),
});

const manifestSchema = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9.-]*$/),
  kind: z.enum([
    'stable-diffusion',
    'guided-diffusion',
    'latent-diffusion',
    'inception',
    'lpips-backbone',
    'lpips-heads',
    'vocabulary',
    'clip',
  ]),
  /** The page of whoever publishes the weights. */
  source: z.url(),
  licence: z.string(),
  /** Where the files can be downloaded from: each one's path is added to it. Absent: by hand only, from the source. */
  download: z.url().endsWith('/').optional(),
  note: z.string().optional(),
  files: z.array(fileSchema).min(1),
});

export type WeightsKind = WeightsManifest['kind'];
export type KnownFile = z.infer<typeof fileSchema>;
/** Weights that tweedie knows by name: where they come from, under which licence, and what their files are. */
export type WeightsManifest = z.infer<typeof manifestSchema>;

/** All known weights, by name. Throws UserError for a broken manifest. */
export function readManifests(
  folder = join(PACKAGE_ROOT, 'configs', 'weights'),
): ReadonlyMap<string, WeightsManifest> {
  const files = readdirSync(folder).filter((file) => file.endsWith('.yaml'));
  return new Map(
    files.sort().map((file) => {
      const path = join(folder, file);
      const manifest = parseConfig(path, readYaml(path), manifestSchema);
      if (file !== `${manifest.name}.yaml`)
        throw new UserError(`${path}: name: found "${manifest.name}"; expected the file's own name`);
      return [manifest.name, manifest];
    }),
  );
}

/** Throws UserError with the nearest known name. */
export function manifestOf(name: string, manifests = readManifests()): WeightsManifest {
  const manifest = manifests.get(name);
  if (!manifest) throw new UserError(`unknown weights "${name}": ${nearest(name, manifests.keys())}`);
  return manifest;
}

import { z } from 'zod';
import { UserError } from '../errors.ts';
import { parseConfig, readConfigFile } from '../networks/config-file.ts';

const limit = z.number().nonnegative();

/** How far a result may be from the reference: every limit that is given must hold. */
export const toleranceSchema = z.strictObject({
  /** ||a - b||_2 / ||b||_2. */
  rel_l2: limit.optional(),
  /** max |a - b|. */
  max_abs: limit.optional(),
  /** max |a - b| / |b|, with 0/0 = 0. */
  max_rel: limit.optional(),
  exact: z.literal(true).optional(),
});
export type Tolerance = z.infer<typeof toleranceSchema>;

/** A number that a case must give, with a limit on |a - value| or on |a - value| / |value|. */
const expectedNumberSchema = z.object({
  name: z.string(),
  value: z.number(),
  abs_tol: limit.optional(),
  rel_tol: limit.optional(),
});
export type ExpectedNumber = z.infer<typeof expectedNumberSchema>;

/** A network of the same set, and a file that replaces some of its tensors. */
const networkReferenceSchema = z.strictObject({
  item: z.string(),
  config: z.string(),
  overlay: z.strictObject({ file: z.string(), removes: z.array(z.string()) }).optional(),
});
export type NetworkReference = z.infer<typeof networkReferenceSchema>;

const assetSchema = z.object({ name: z.string(), sha256: z.string() });
export type Asset = z.infer<typeof assetSchema>;

const caseSchema = z.object({
  name: z.string(),
  file: z.string(),
  entry: z.string(),
  params: z.record(z.string(), z.unknown()).default({}),
  network: networkReferenceSchema.optional(),
  /** Of a whole run, by the part that each plays: one, or several alike. */
  networks: z
    .record(z.string(), z.union([networkReferenceSchema, z.array(networkReferenceSchema)]))
    .default({}),
  inputs: z.array(z.string()).default([]),
  outputs: z.array(z.string()).default([]),
  /** Tensor names of arguments that are not called as their tensor is. */
  bind: z.record(z.string(), z.string()).default({}),
  expect: z.array(expectedNumberSchema).default([]),
  assets: z.array(assetSchema).default([]),
  optional: z.boolean().default(false),
});
export type Case = z.infer<typeof caseSchema>;

const manifestSchema = z.object({
  item: z.string(),
  configs: z.record(z.string(), z.unknown()).nullish(),
  /** Read one by one, so that a mistake in one case leaves the others. */
  cases: z.array(z.unknown()),
  files: z.record(z.string(), z.record(z.string(), z.unknown())).default({}),
});
export type CaseManifest = z.infer<typeof manifestSchema>;

/** What a manifest says of a tensor, as far as it is checked. */
const descriptionSchema = z.object({
  shape: z.array(z.number()).optional(),
  dtype: z.string().optional(),
  tolerance: toleranceSchema.optional(),
});
export type Description = z.infer<typeof descriptionSchema>;

/** Reads an item's manifest.json. Throws UserError naming file and key. */
export function readManifest(path: string): CaseManifest {
  return readConfigFile(path, manifestSchema);
}

/** One entry of a manifest's `cases`. Throws UserError. */
export function readCase(json: unknown): Case {
  return parseConfig('manifest.json', json, caseSchema);
}

/** What the manifest says of a tensor of a file. Throws UserError where it says nothing or nonsense. */
export function describeTensor({ files }: CaseManifest, file: string, tensor: string): Description {
  const json = files[file]?.[tensor];
  if (json === undefined) throw new UserError(`manifest.json: files has no entry for '${tensor}' of ${file}`);
  return parseConfig(`manifest.json: files: ${file}: '${tensor}'`, json, descriptionSchema);
}

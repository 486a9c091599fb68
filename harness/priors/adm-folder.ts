import { join } from 'node:path';
import { z } from 'zod';
import type { AdmConfig } from '../networks/adm-config.ts';
import { admConfigOf } from '../networks/adm-flags.ts';
import { readConfigFile } from '../networks/config-file.ts';
import { filesSha256 } from '../networks/file-hash.ts';

/** Of a pixel model's folder: the flags of guided-diffusion's scripts as JSON, and the weights. */
export const ADM_FOLDER = { flags: 'model_config.json', weights: 'model.safetensors' } as const;

/** The network of a folder; throws UserError naming file and flag for a file that is missing, broken or unsupported. */
export function readAdmConfig(folder: string): AdmConfig {
  const path = join(folder, ADM_FOLDER.flags);
  return admConfigOf(readConfigFile(path, z.record(z.string(), z.unknown())), path);
}

/** One sha256 over flags and weights: both decide the numbers. */
export function hashAdmFolder(folder: string): string {
  return filesSha256(
    folder,
    [ADM_FOLDER.flags, ADM_FOLDER.weights].map((name) => join(folder, name)),
  );
}

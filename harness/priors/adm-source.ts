import { statSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../errors.ts';
import type { AdmConfig } from '../networks/adm-config.ts';
import { ADM_MODELS, type AdmModelName, admConfigOf } from '../networks/adm-flags.ts';
import { fileSha256 } from '../networks/file-hash.ts';
import { openTensorFile } from '../networks/tensor-file.ts';
import { ADM_FOLDER, hashAdmFolder, readAdmConfig } from './adm-folder.ts';

export const MODELS = Object.keys(ADM_MODELS) as [AdmModelName, ...AdmModelName[]];

/** What a folder says itself, and the parameter `model` of a file of weights. */
export interface Source {
  readonly config: AdmConfig;
  readonly weights: string;
  sha256(): string;
}

/** Throws UserError where nothing says which network there is, or two things do. */
export function sourceOf(path: string, model: AdmModelName | Record<string, unknown> | null): Source {
  const folder = statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
  if (!folder && model !== null) {
    const config = admConfigOf(model, 'guided-diffusion: model');
    return { config, weights: path, sha256: () => fileSha256(path) };
  }
  if (folder && model === null) {
    const weights = join(path, ADM_FOLDER.weights);
    return { config: readAdmConfig(path), weights, sha256: () => hashAdmFolder(path) };
  }
  if (folder) {
    throw new UserError(
      `guided-diffusion: model: ${path} is a folder, whose ${ADM_FOLDER.flags} says which network it holds; expected no model`,
    );
  }
  openTensorFile(path).close();
  throw new UserError(
    `guided-diffusion: model: found nothing; a file of weights does not say which network it holds: expected ${MODELS.join(', ')} or flags`,
  );
}

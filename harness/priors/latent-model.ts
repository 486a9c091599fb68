import { createHash } from 'node:crypto';
import { UserError } from '../errors.ts';
import type { ClipTextConfig } from '../networks/clip-text-config.ts';
import { refuseOtherWeights } from '../networks/load-weights.ts';
import { openTokenizer } from '../networks/open-tokenizer.ts';
import { TILE_MULTIPLE } from '../networks/tiled-decoding.ts';
import type { Tokenizer } from '../networks/tokenizer.ts';
import { inspectClipImage } from './clip-image.ts';
import {
  type DiffusersFolder,
  type FolderOptions,
  hashDiffusersFolder,
  latentFactor,
  readDiffusersFolder,
} from './diffusers-folder.ts';
import { networksOf } from './diffusers-networks.ts';
import type { PriorFacts } from './prior-kind.ts';

/** How a model folder is used. */
export interface LatentModelOptions extends FolderOptions {
  /** Last layers of the text encoder to leave out. */
  readonly clipSkip?: number;
  /** Side in pixels of the tiles that are decoded one by one; null: in one piece. */
  readonly tile?: number | null;
  /** Folder of a CLIPModel whose image tower goes with the prompts. */
  readonly clip?: string | undefined;
}

/** Everything of a model but the values of its weights. */
export interface LatentModel extends DiffusersFolder {
  readonly tokenizer: Tokenizer;
}

/** Reads configs and tokenizer, and checks that they and the options fit together. Throws UserError. */
export function readLatentModel(
  folder: string,
  { clipSkip = 0, tile = null, ...options }: LatentModelOptions,
): LatentModel {
  const model = readDiffusersFolder(folder, options);
  const tokenizer = openTokenizer(model.files.tokenizer);
  checkTokenizer(model.files.tokenizer, tokenizer, model.textEncoder);
  const layers = model.textEncoder.num_hidden_layers;
  if (clipSkip >= layers) {
    throw new UserError(`clipSkip: found ${clipSkip}; the text encoder of ${folder} has ${layers} layers`);
  }
  const multiple = latentFactor(model.vae) * TILE_MULTIPLE;
  if (tile !== null && tile % multiple !== 0) {
    throw new UserError(`tile: found ${tile}; expected a multiple of ${multiple} for ${folder}`);
  }
  return { ...model, tokenizer };
}

/** What a plan must know of a model: the headers of its weights are compared with the configs, no values are read. */
export function inspectLatentModel(folder: string, options: LatentModelOptions, toy: boolean): PriorFacts {
  const model = readLatentModel(folder, options);
  for (const { path, expected } of Object.values(networksOf(model))) refuseOtherWeights(path, expected);
  const { imageShape, schedule } = model;
  const sha256 = hashDiffusersFolder(folder, options);
  return {
    imageShape,
    schedule,
    ...(options.clip === undefined
      ? { weightsSha256: sha256, parts: ['autoencoder', 'text', 'crossAttention'] }
      : {
          weightsSha256: sha256Of(sha256, inspectClipImage(options.clip, model.textEncoder.hidden_size)),
          parts: ['autoencoder', 'text', 'crossAttention', 'clipImage'],
        }),
    toy,
    tokenizer: () => model.tokenizer,
  };
}

function sha256Of(...hashes: readonly string[]): string {
  return createHash('sha256').update(hashes.join('\n')).digest('hex');
}

function checkTokenizer(path: string, tokenizer: Tokenizer, text: ClipTextConfig): void {
  if (tokenizer.length > text.max_position_embeddings) {
    throw new UserError(
      `${path}: texts take ${tokenizer.length} tokens; the text encoder has ${text.max_position_embeddings} positions`,
    );
  }
  if (tokenizer.highestId >= text.vocab_size) {
    throw new UserError(
      `${path}: the highest id is ${tokenizer.highestId}; the text encoder has ${text.vocab_size} tokens`,
    );
  }
}

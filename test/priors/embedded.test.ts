import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { VOCABULARY } from '../../datasets/toyfaces/caption.ts';
import { autoencoderParameterShapes } from '../../harness/networks/autoencoder-kl.ts';
import { clipTextParameterShapes } from '../../harness/networks/clip-text.ts';
import { countParameters } from '../../harness/networks/parameter-shapes.ts';
import { unetParameterShapes } from '../../harness/networks/unet2d-condition.ts';
import { openWordTokenizer } from '../../harness/networks/word-tokenizer.ts';
import { PACKAGE_ROOT } from '../../harness/package-root.ts';
import { readDiffusersFolder } from '../../harness/priors/diffusers-folder.ts';
import { EMBEDDED_FOLDER } from '../../harness/priors/embedded.ts';

const folder = readDiffusersFolder(EMBEDDED_FOLDER);

it('lies in the package', () => {
  expect(existsSync(join(PACKAGE_ROOT, 'harness/priors/embedded/model_index.json'))).toBe(true);
});

it('models 64x64 pictures in 4x16x16 latents', () => {
  expect(folder.imageShape).toEqual([3, 64, 64]);
  expect(folder.latentShape).toEqual([4, 16, 16]);
});

it('has at most 5 M parameters', () => {
  const count =
    countParameters(unetParameterShapes(folder.unet)) +
    countParameters(autoencoderParameterShapes(folder.vae)) +
    countParameters(clipTextParameterShapes(folder.textEncoder));
  expect(count).toBeLessThanOrEqual(5e6);
});

it('knows every word of the toyfaces captions, and has an embedding for each id', () => {
  const tokenizer = openWordTokenizer(folder.files.tokenizer);
  const ids = tokenizer.encode([...VOCABULARY]);
  expect(Math.max(...ids)).toBe(folder.textEncoder.vocab_size - 1);
  expect(tokenizer.length).toBe(folder.textEncoder.max_position_embeddings);
});

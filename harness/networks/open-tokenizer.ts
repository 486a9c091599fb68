import { join } from 'node:path';
import { z } from 'zod';
import { openClipTokenizer } from './clip-tokenizer-files.ts';
import { readConfigFile } from './config-file.ts';
import type { Tokenizer } from './tokenizer.ts';
import { openWordTokenizer } from './word-tokenizer.ts';

const OPENERS = {
  WordTokenizer: openWordTokenizer,
  CLIPTokenizer: openClipTokenizer,
  CLIPTokenizerFast: openClipTokenizer,
};

const configSchema = z.object({
  tokenizer_class: z.enum(Object.keys(OPENERS) as [keyof typeof OPENERS]),
});

/** Opens tokenizer/ of a prior's folder, whichever of the known kinds it is. Throws UserError. */
export function openTokenizer(folder: string): Tokenizer {
  return OPENERS[readConfigFile(join(folder, 'tokenizer_config.json'), configSchema).tokenizer_class](folder);
}

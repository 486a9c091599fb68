/** CLIP-score-toy: CLIPScore's formula on a small CLIP that was trained on toyfaces (toy-clip/), comparable with no other. */
import { join } from 'node:path';
import { readClipFolder } from '../networks/clip-folder.ts';
import { filesSha256 } from '../networks/file-hash.ts';
import { openWordTokenizer } from '../networks/word-tokenizer.ts';
import { PACKAGE_ROOT } from '../package-root.ts';
import { CLIP_PROTOCOL, openClipScore, refusesThreads } from './clip-score.ts';
import type { CaptionMetric } from './network-metric.ts';

/** The committed model's folder, in transformers' layout. */
export const TOY_CLIP_FOLDER: string = join(PACKAGE_ROOT, 'harness/metrics/toy-clip');
const FILES = ['config.json', 'tokenizer_config.json', 'vocab.json', 'model.safetensors'];
const NAME = 'clip-score-toy';

/** Captions are of toyfaces' words alone; `scores` throws UserError for another. */
export const clipScoreToy: CaptionMetric = {
  name: NAME,
  title: 'CLIP-score-toy',
  version: 1,
  of: 'picture',
  against: 'caption',
  level: 'image',
  by: 'network',
  better: 'higher',
  digits: 2,
  weights: [],
  refuses: refusesThreads,
  protocol: () => ({
    toy: true,
    ...CLIP_PROTOCOL,
    backbone: 'toy-clip, trained on toyfaces',
    weights: `sha256 ${filesSha256(
      TOY_CLIP_FOLDER,
      FILES.map((name) => join(TOY_CLIP_FOLDER, name)),
    )}`,
  }),
  open: async (_paths, device) =>
    openClipScore(
      { ...readClipFolder(TOY_CLIP_FOLDER), tokenizer: openWordTokenizer(TOY_CLIP_FOLDER, NAME) },
      device,
    ),
};

import cfg from '../../solvers/cfg.ts';
import { defineMethod } from '../solver-case.ts';
import { textToImage, textToImageParams } from './text-to-image.ts';

/** As the public code of CFG++ has it. */
export const cfgMethod = defineMethod('cfg', textToImageParams, (stated, given) => {
  const run = textToImage(stated, given);
  return { ...run, solver: cfg, params: { ...run.params, scale: stated.parameters.cfg_guidance } };
});

import cfgpp from '../../solvers/cfgpp-generate.ts';
import { defineMethod } from '../solver-case.ts';
import { textToImage, textToImageParams } from './text-to-image.ts';

export const cfgppMethod = defineMethod('cfgpp', textToImageParams, (stated, given) => {
  const run = textToImage(stated, given);
  return { ...run, solver: cfgpp, params: { ...run.params, lambda: stated.parameters.cfg_guidance } };
});

/** Parameters that several inversions have. */
import { z } from 'zod';
import { guidanceScale, PROMPT, reverseSteps } from '../checked-parameters.ts';

export const steps = reverseSteps(50);

export const strength = z
  .number()
  .positive()
  .max(1)
  .default(1)
  .describe('how far up the way goes, as a share of the steps');

export const inversionScale = guidanceScale('classifier-free guidance on the way up; 1 is the prompt alone');

export function cfgScale(usual: number) {
  return guidanceScale('classifier-free guidance on the way down; 1 is the prompt alone', usual);
}

export const ownCaption = z
  .union([z.string(), z.strictObject({ from: z.literal('caption') })])
  .default({ from: 'caption' })
  .meta({ description: 'what the picture shows, by default its own caption', ...PROMPT });

/** Legs that a way of so many steps has: the last share of them. */
export function walked({ steps, strength }: { readonly steps: number; readonly strength: number }): number {
  return Math.max(1, Math.round(strength * steps));
}

/** Passes of a prediction under guidance. */
export function guidedPasses(scale: number): number {
  return scale === 1 ? 1 : 2;
}

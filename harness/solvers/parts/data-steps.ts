/** Which reverse steps look at the measurement among the pictures: every third one, but not the last few (TReg, DreamSampler). */
import { z } from 'zod';

export const dataEvery = z
  .int()
  .min(1)
  .default(3)
  .describe('data steps are every so many steps, from the first on');
export const dataBefore = z
  .int()
  .min(0)
  .default(170)
  .describe('number of steps from the start after which none is a data step');

interface DataSteps {
  readonly steps: number;
  readonly dataEvery: number;
  readonly dataBefore: number;
}

/** Whether the step n = N..1 is one. */
export function isDataStep(n: number, p: DataSteps): boolean {
  const index = p.steps - n;
  return index % p.dataEvery === 0 && index < p.dataBefore;
}

/** How many of the N steps are. */
export function dataSteps(p: DataSteps): number {
  return Math.ceil(Math.min(p.steps, p.dataBefore) / p.dataEvery);
}

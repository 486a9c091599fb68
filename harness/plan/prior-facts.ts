import { z } from 'zod';
import { UserError } from '../errors.ts';
import type { PriorFacts } from '../priors/prior-kind.ts';
import { placedAll } from './placed.ts';
import type { PriorPoint } from './prior-points.ts';

const side = z.int().min(1).max(16_384);

/** What a plan reads of a plug-in's prior, which may say anything. */
const facts = z.object({
  imageShape: z.tuple([z.literal(3), side, side]),
  weightsSha256: z.string().regex(/^[0-9a-f]{64}$/, 'expected a sha256: 64 hexadecimal digits'),
  toy: z.boolean(),
  trainedOn: z.object({ set: z.string(), split: z.string() }).optional(),
  schedule: z
    .looseObject({ numTrainTimesteps: z.int().min(1), alphasCumprod: z.instanceof(Float64Array) })
    .optional(),
  unknowns: z.record(z.string(), z.array(side)).optional(),
  parts: z.array(z.string()).optional(),
  tokenizer: z.custom((value) => typeof value === 'function', 'expected a function').optional(),
});

/** Asks the prior what a plan must know. Throws UserError where its files do not fit, or a plug-in's answer is none. */
export async function inspectPrior({ kind, params, paths, where }: PriorPoint): Promise<PriorFacts> {
  const answer = await placedAll(where, `prior ${kind.name}`, () => kind.inspect({ ...params, ...paths }));
  const { error } = facts.safeParse(answer);
  if (!error) return answer;
  const { path, message } = error.issues[0]!;
  const what = ['what inspect returns', ...path].join('.');
  throw new UserError(`prior ${kind.name}: ${what}: ${message.replace('Invalid input: ', '')}`, where);
}

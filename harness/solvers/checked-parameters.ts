import { z } from 'zod';
import type { OwnCaption } from '../identity/own-caption.ts';

/** What a plan asks the prior about a parameter's value, and what a check of the solver may lower. */
type CheckedAs = 'reverse steps' | 'time' | 'prompt' | 'guidance' | 'inner iterations' | 'steps on examples';

/** Metadata of a number of reverse steps: the prior's schedule must have as many. */
export const REVERSE_STEPS = { checkedAs: 'reverse steps' } as const satisfies { checkedAs: CheckedAs };

/** Metadata of a text that the prior's tokenizer reads: it must know the words, and what it cuts off is said. */
export const PROMPT = { checkedAs: 'prompt' } as const satisfies { checkedAs: CheckedAs };

const GUIDANCE = { checkedAs: 'guidance' } as const satisfies { checkedAs: CheckedAs };

const INNER_ITERATIONS = { checkedAs: 'inner iterations' } as const satisfies { checkedAs: CheckedAs };

const STEPS_ON_EXAMPLES = { checkedAs: 'steps on examples' } as const satisfies { checkedAs: CheckedAs };

/** A number of reverse steps, `least` or more of them. */
export function reverseSteps(usual: number, least = 1) {
  const meta = { description: 'number of reverse steps N', ...REVERSE_STEPS };
  return z.int().min(least).default(usual).meta(meta);
}

/** Metadata of a time that the prior's schedule must have, or null. */
export const TIME = { checkedAs: 'time' } as const satisfies { checkedAs: CheckedAs };

/** A number of iterations other than reverse steps, `least` or more of them; checks of the solver take fewer. */
export function innerIterations(usual: number, description: string, least = 1) {
  return z
    .int()
    .min(least)
    .default(usual)
    .meta({ description, ...INNER_ITERATIONS });
}

/** A number of steps on example pictures, which the task must show where it is not 0; checks of the solver take a few. */
export function stepsOnExamples(description: string) {
  return z
    .int()
    .min(0)
    .default(0)
    .meta({ description, ...STEPS_ON_EXAMPLES });
}

/** What the prior is told of a picture: the same text for all, or the caption of each. */
export type Prompt = string | OwnCaption;

/** A text for the prior, by default the empty one; or `{ from: caption }`, each picture's own. `run.each` reads both. */
export function promptText(description: string) {
  return z
    .union([z.string(), z.strictObject({ from: z.literal('caption') })])
    .default('')
    .meta({ description, ...PROMPT });
}

/** A scale of guidance between two prompts, which takes a prior with prompts; 1: no guidance. */
export function guidanceScale(description: string, usual = 1) {
  return z
    .number()
    .min(0)
    .default(usual)
    .meta({ description, ...GUIDANCE });
}

/** Names of a solver's parameters that were declared so: `z.string().meta({ description, ...PROMPT })`. */
export function checkedParameters(params: z.ZodObject, as: CheckedAs): string[] {
  return Object.entries(params.shape).flatMap(([name, schema]) =>
    (schema as z.ZodType).meta()?.checkedAs === as ? [name] : [],
  );
}

import { type Tensor, tf } from '../engine/tf.ts';
import type { Prior } from '../priors/prior.ts';
import type { Run } from '../solvers/run.ts';
import { answerTo } from './answer.ts';
import { onSameContents } from './contents.ts';
import type { Said } from './conversation.ts';
import type { External } from './description.ts';
import { functionsOf } from './functions.ts';
import type { Posed } from './kinds.ts';
import { problemOf } from './problem.ts';
import { Program } from './program.ts';
import { Scratch } from './scratch.ts';

/**
 * Has the program solve a batch: tells it the problem, calls the functions that it asks for, takes its result.
 * @throws Error that names it, for whatever it does wrong
 */
export async function converse(
  external: External,
  posed: Posed,
  prior: Prior,
  params: Readonly<Record<string, unknown>>,
  run: Run,
): Promise<Tensor> {
  try {
    return await onSameContents(external, () => solvedBy(external, posed, prior, params, run));
  } catch (error) {
    throw new Error(`${external.name}: ${(error as Error).message}`, { cause: error });
  }
}

async function solvedBy(
  external: External,
  posed: Posed,
  prior: Prior,
  params: Readonly<Record<string, unknown>>,
  run: Run,
): Promise<Tensor> {
  const scratch = new Scratch();
  const program = new Program(external);
  let progressed = false;
  try {
    const functions = functionsOf(posed, prior, run);
    program.say(await problemOf(posed, prior, params, run, functions, scratch));
    for (;;) {
      const said = await program.next();
      switch (said.type) {
        case 'progress':
          run.progress(said.done, said.total);
          progressed = true;
          break;
        case 'trace':
          if (!progressed)
            throw new Error(
              'sent trace before any progress: expected {"type":"progress","done":1,"total":N} first, whose step the numbers belong to',
            );
          await trace(run, said.scalars);
          break;
        case 'evaluate': {
          const { type: _, ...call } = said;
          program.say({ type: 'answer', ...(await answerTo(call, functions, scratch)) });
          break;
        }
        case 'error':
          throw new Error(`gave up: ${said.message}`);
        case 'result': {
          const x = scratch.take(said.x, [run.batch, ...prior.imageShape]);
          await refuseFar(x);
          await program.end();
          return x;
        }
      }
    }
  } finally {
    program.kill();
    scratch.remove();
  }
}

/** No picture in about [-1,1] is so far from it: one of bytes is, with noise below 0 or above 255 too. */
const FARTHEST = 100;

async function refuseFar(x: Tensor): Promise<void> {
  let [least, most] = [0, 0];
  for (const value of await x.data()) [least, most] = [Math.min(least, value), Math.max(most, value)];
  if (least < -FARTHEST || most > FARTHEST)
    throw new Error(
      `its result has values from ${Math.round(least)} to ${Math.round(most)}; expected about -1 to 1 (of bytes: byte / 127.5 - 1)`,
    );
}

async function trace(run: Run, scalars: (Said & { type: 'trace' })['scalars']): Promise<void> {
  const number = (value: number | null) => value ?? Number.NaN;
  const traced = Object.entries(scalars).map(
    ([name, value]) => [name, Array.isArray(value) ? tf.tensor1d(value.map(number)) : number(value)] as const,
  );
  await run.trace(Object.fromEntries(traced));
  for (const [, value] of traced) if (typeof value !== 'number') value.dispose();
}

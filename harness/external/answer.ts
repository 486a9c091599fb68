import { z } from 'zod';
import { type Tensor, tf } from '../engine/tf.ts';
import { nearest } from '../names.ts';
import { shown } from '../text/shown.ts';
import { checkArguments } from './conversation.ts';
import type { Functions } from './functions.ts';
import type { Scratch } from './scratch.ts';

/** A call as the program's message has it: a function's name, and what the function takes. */
export interface Call extends Readonly<Record<string, unknown>> {
  readonly op: string;
}

/**
 * Calls the function that a program asks for. Its arrays are files of the scratch folder, and so is what it gives, by name.
 * @throws Error that follows the program's name, for a function that is not there and for what it does not take
 */
export async function answerTo({ op, ...given }: Call, functions: Functions, scratch: Scratch) {
  const asked = Object.hasOwn(functions, op) ? functions[op]! : undefined;
  if (!asked) throw new Error(`asked for ${shown(op)}, unknown: ${nearest(op, Object.keys(functions))}`);
  if (asked.lack !== null) throw new Error(`asked for ${op}: ${asked.lack}`);
  const files = Object.keys(asked.arrays).map((name) => {
    return [name, asked.optional.includes(name) ? z.string().optional() : z.string()] as const;
  });
  const { ...rest } = checkArguments(
    z.strictObject({ ...Object.fromEntries(files), ...asked.beside }),
    given,
    `evaluate ${op}`,
  );
  const tensors: Record<string, Tensor> = {};
  for (const [name, shape] of Object.entries(asked.arrays)) {
    const file = rest[name];
    delete rest[name];
    if (typeof file === 'string') tensors[name] = take(() => scratch.take(file, shape), `${op}, ${name}`);
  }
  const values = await asked.call(tensors, rest);
  const answer: Record<string, string> = {};
  for (const [name, tensor] of Object.entries(values)) answer[name] = await scratch.write(tensor);
  tf.dispose([...Object.values(tensors), ...Object.values(values)]);
  return answer;
}

function take(read: () => Tensor, of: string): Tensor {
  try {
    return read();
  } catch (error) {
    throw new Error(`asked for ${of}: ${(error as Error).message}`);
  }
}

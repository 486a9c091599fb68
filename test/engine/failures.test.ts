import { describe, expect, it } from 'vitest';
import { openDevice } from '../../harness/engine/device.ts';
import { type Tensor, tf } from '../../harness/engine/tf.ts';
import { UserError } from '../../harness/errors.ts';
import { failureOfError } from '../../harness/worker/end-of-child.ts';

async function failure(step: Promise<unknown>): Promise<Error> {
  const error = await step.catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(UserError);
  expect((error as Error).message).not.toContain('\n');
  return error as Error;
}

describe('a step that its device cannot run says so in one line', () => {
  it('an operator that our backend does not know: its name and the device', async () => {
    const { compile } = await openDevice('cpu:1');
    const step = compile((x: Tensor) => tf.unique(x).values);
    const { message } = await failure(step(tf.ones([4])));
    expect(message).toBe('device cpu:1 has no operator Unique: this step cannot run on it');
  });

  it('an operator that tfjs does not have there: its name and the device', async () => {
    const { compile } = await openDevice('wasm');
    const step = compile(({ x, ids }: { x: Tensor; ids: Tensor }) =>
      tf.unsortedSegmentSum(x, ids as never, 2),
    );
    const { message } = await failure(step({ x: tf.ones([4]), ids: tf.tensor1d([0, 1, 1, 0], 'int32') }));
    expect(message).toBe('device wasm has no operator UnsortedSegmentSum: this step cannot run on it');
  });

  it('too little memory: how much was asked for, and the run counts it as such', async () => {
    const { compile, dispose } = await openDevice('cpu:1');
    // 2^48 bytes: more than any program can address.
    const outer = compile(({ x, y }: { x: Tensor; y: Tensor }) => tf.sum(tf.square(tf.matMul(x, y))));
    const side = 2 ** 23;
    const error = await failure(outer({ x: tf.ones([side, 1]), y: tf.ones([1, side]) }));
    expect(error.message).toBe(
      'device cpu:1 is out of memory: 262144.00 GiB were asked for at once; smaller batches need less',
    );
    expect(failureOfError(error, error)).toBe('oom');
    await dispose();
  });
});

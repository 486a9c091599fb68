import { z } from 'zod';
import { sizeOf } from '../../engine/shape.ts';
import { TorchCpuGenerator } from '../../engine/torch-random.ts';
import type { Entry } from '../entry.ts';
import { readParams } from '../unsupported.ts';
import type { Values } from '../values.ts';

const whole = z.number().int();
const array = { shape: z.array(whole.nonnegative()), output: z.string() };
const floats = { ...array, dtype: z.enum(['float32', 'float64']) };
const integers = { ...array, dtype: z.literal('int64') };
const range = { ...integers, low: whole, high: whole };

const callSchema = z.discriminatedUnion('fn', [
  z.strictObject({ fn: z.literal('manual_seed'), seed: whole }),
  z.strictObject({ fn: z.literal('rand'), ...floats }),
  z.strictObject({ fn: z.literal('randn'), ...floats }),
  z.strictObject({ fn: z.literal('randn_like'), ...floats }),
  z.strictObject({ fn: z.literal('randint'), ...range }),
  z.strictObject({ fn: z.literal('random_'), ...range }),
  z.strictObject({ fn: z.literal('randperm'), ...integers, n: whole.nonnegative() }),
]);
type Call = z.infer<typeof callSchema>;

const paramsSchema = z.strictObject({
  generator: z.literal('torch_cpu_mt19937'),
  calls: z.array(callSchema),
});

/** The arrays that calls on one generator draw. */
export const torchRngSequence: Entry = {
  name: 'torch_rng.sequence',
  async run(given) {
    const { calls } = readParams(paramsSchema, given.params);
    // PyTorch's default seed, should a sequence not begin with manual_seed.
    const generator = new TorchCpuGenerator(67280421310721);
    const outputs: Record<string, Values> = {};
    for (const call of calls) {
      if (call.fn === 'manual_seed') generator.manualSeed(call.seed);
      else outputs[given.argumentOf(call.output)] = { shape: call.shape, data: draw(generator, call) };
    }
    return outputs;
  },
};

function draw(generator: TorchCpuGenerator, call: Exclude<Call, { fn: 'manual_seed' }>): Values['data'] {
  const count = sizeOf(call.shape);
  switch (call.fn) {
    case 'rand':
      return generator.rand(count, call.dtype);
    case 'randn':
    case 'randn_like':
      return generator.randn(count, call.dtype);
    case 'randint':
    case 'random_':
      return generator.randint(call.low, call.high, count);
    case 'randperm':
      return generator.randperm(call.n);
  }
}

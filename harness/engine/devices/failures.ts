import { UserError } from '../../errors.ts';
import type { Compile } from '../compile.ts';
import { UnsupportedOperator } from '../onnx/unsupported.ts';

const NO_KERNEL = /^Kernel '(\w+)' not registered for backend/;
const NO_FLOAT16 = /requires f16 but the device does not support it/;
const OUT_OF_MEMORY =
  /Failed to allocate memory(?: for requested buffer of size (\d+))?|bad_alloc|out of memory/i;

type AnyStep = (args: unknown) => Promise<unknown>;

/** A compile whose steps say in one line what the device lacks: an operator or memory. */
export function explaining(compile: Compile, device: string): Compile {
  const explained = (fn: Parameters<Compile>[0]): AnyStep => {
    const step = compile(fn) as unknown as AnyStep;
    return async (args) => {
      try {
        return await step(args);
      } catch (error) {
        throw inWordsOf(device, error);
      }
    };
  };
  return explained as unknown as Compile;
}

function inWordsOf(device: string, error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  if (error instanceof UnsupportedOperator) {
    const remedy = `${device}+cpu lets the CPU run what it lacks`;
    return new UserError(`device ${device} has no operator ${error.operator}; the device ${remedy}`);
  }
  if (NO_FLOAT16.test(error.message))
    return new UserError(`device ${device} does not compute in float16: the card or its driver lacks it`);
  const kernel = NO_KERNEL.exec(error.message)?.[1];
  if (kernel) return new UserError(`device ${device} has no operator ${kernel}: this step cannot run on it`);
  const memory = OUT_OF_MEMORY.exec(error.message);
  if (memory) {
    const asked = memory[1] ? `: ${(Number(memory[1]) / 2 ** 30).toFixed(2)} GiB were asked for at once` : '';
    return new UserError(`device ${device} is out of memory${asked}; smaller batches need less`);
  }
  return error;
}

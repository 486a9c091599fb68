import { existsSync } from 'node:fs';
import { UserError } from '../errors.ts';
import { floatToBfloat, floatToHalf } from '../networks/half.ts';
import { sizeOf } from '../networks/parameter-shapes.ts';
import { ITEM_BYTES, type SafetensorsDtype, type TensorData } from '../networks/safetensors.ts';
import { type PromisedTensor, streamSafetensors } from '../networks/safetensors-writer.ts';
import { cannotWrite } from './lock-file.ts';
import { openTensorFile } from './tensor-file.ts';

export const FLOAT_TYPES = { float16: 'F16', bfloat16: 'BF16', float32: 'F32' } as const;
export type FloatType = keyof typeof FLOAT_TYPES;

export interface ConvertOptions {
  /** What numbers with fractions become; absent: they keep their type. Whole numbers always do. */
  readonly dtype?: FloatType | undefined;
  /** Which state_dict of a PyTorch checkpoint that has several. */
  readonly section?: string | undefined;
  /** Called before each tensor is written. */
  progress?(done: number, total: number): void;
}

export interface Converted {
  readonly tensors: number;
  /** Of all values. */
  readonly bytes: number;
}

const FRACTIONS = new Set<SafetensorsDtype>(['F64', 'F32', 'F16', 'BF16']);

/**
 * Writes the tensors of a file, or of a network's shards, to one safetensors file, one tensor in memory at a time. The
 * file appears under its name when it is whole.
 * @throws UserError for a file that cannot be read or written, an output that exists, and a value too large for float16
 */
export function convertWeights(input: string, output: string, options: ConvertOptions = {}): Converted {
  if (!output.endsWith('.safetensors'))
    throw new UserError(`${output}: expected a name that ends in .safetensors`);
  if (existsSync(output)) throw new UserError(`${output}: exists already; remove it or choose another name`);
  const file = openTensorFile(input, options.section);
  try {
    const total = file.entries.size;
    const tensors = [...file.entries].map(([name, { dtype: stored, shape }], i): PromisedTensor => {
      const dtype = options.dtype && FRACTIONS.has(stored) ? FLOAT_TYPES[options.dtype] : stored;
      const bytes = (): Uint8Array => {
        options.progress?.(i, total);
        return encode(file.read(name), dtype, `${input}: tensor '${name}'`);
      };
      return { name, shape, dtype, bytes };
    });
    streamSafetensors(output, tensors);
    return {
      tensors: total,
      bytes: tensors.reduce((sum, { shape, dtype }) => sum + sizeOf(shape) * ITEM_BYTES[dtype], 0),
    };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw error instanceof UserError || code === undefined ? error : cannotWrite(output, error);
  } finally {
    file.close();
  }
}

function encode(data: TensorData, dtype: SafetensorsDtype, where: string): Uint8Array {
  const { buffer, byteOffset, byteLength } = narrow(data, dtype, where);
  return new Uint8Array(buffer, byteOffset, byteLength);
}

function narrow(data: TensorData, dtype: SafetensorsDtype, where: string): TensorData | Uint16Array {
  if (data instanceof Float64Array && dtype === 'F64') return data;
  if (!(data instanceof Float32Array || data instanceof Float64Array)) return data;
  const values = data instanceof Float32Array ? data : Float32Array.from(data);
  if (dtype === 'BF16') return floatToBfloat(values);
  if (dtype !== 'F16') return values;
  const halves = floatToHalf(values);
  const lost = firstLost(values, halves);
  if (lost !== undefined)
    throw new UserError(`${where} holds ${lost}, which float16 cannot hold; use bfloat16 or float32`);
  return halves;
}

/** A finite value that became infinite, if any. */
function firstLost(values: Float32Array, halves: Uint16Array): number | undefined {
  for (let i = 0; i < halves.length; i++) {
    if ((halves[i]! & 0x7fff) === 0x7c00 && Number.isFinite(values[i])) return values[i];
  }
  return undefined;
}

import { existsSync } from 'node:fs';
import { sizeOf } from '../engine/shape.ts';
import { UserError } from '../errors.ts';
import { floatToBfloat, floatToHalf } from '../networks/half.ts';
import { wrapperPrefix } from '../networks/name-prefix.ts';
import { SAFETENSORS_TYPES } from '../networks/safetensors-header.ts';
import { type PromisedTensor, streamSafetensors } from '../networks/safetensors-writer.ts';
import { named } from '../networks/section.ts';
import { shown } from '../networks/shown.ts';
import { ITEM_BYTES, isWeightType, type TensorData, type TensorType } from '../networks/tensor-types.ts';
import { cannotWrite } from './lock-file.ts';
import { openTensors } from './open-tensors.ts';

export const FLOAT_TYPES = { float16: 'F16', bfloat16: 'BF16', float32: 'F32' } as const;
export type FloatType = keyof typeof FLOAT_TYPES;

export interface ConvertOptions {
  /** What numbers with fractions become; absent: they keep their type. Whole numbers always do. */
  readonly dtype?: FloatType | undefined;
  /** Which dictionary of tensors of a file that has several: see `openTensorFile`. */
  readonly section?: string | undefined;
  /** Called before each tensor is written. */
  progress?(done: number, total: number): void;
}

export interface Converted {
  readonly tensors: number;
  /** Of all values. */
  readonly bytes: number;
  /** What was before every name and was left out (`module`, `_orig_mod.model`); '' where nothing was. */
  readonly prefix: string;
}

/**
 * Writes the tensors of a file, or of a network's shards, to one safetensors file, one tensor in memory at a time. The
 * file appears under its name when it is whole. What training wraps around a network is left out of the names.
 * @throws UserError for a file that cannot be read or written, an output that exists, a type that safetensors does not
 *   have, and a value too large for float16
 */
export function convertWeights(input: string, output: string, options: ConvertOptions = {}): Converted {
  if (!output.endsWith('.safetensors'))
    throw new UserError(`${output}: expected a name that ends in .safetensors`);
  if (existsSync(output)) throw new UserError(`${output}: exists already; remove it or choose another name`);
  const file = openTensors(input, options.section);
  try {
    const total = file.entries.size;
    const prefix = wrapperPrefix(file.entries.keys());
    const renamed = prefix === '' ? file.entries : named(prefix, file.entries);
    const tensors = [...renamed].map(([name, { dtype: stored, shape }], i): PromisedTensor => {
      const original = prefix === '' ? name : `${prefix}.${name}`;
      const where = `${input}: tensor '${shown(original)}'`;
      if (!SAFETENSORS_TYPES.includes(stored))
        throw new UserError(`${where} has type ${stored}, which safetensors does not have`);
      const dtype = options.dtype && isWeightType(stored) ? FLOAT_TYPES[options.dtype] : stored;
      const bytes = (): Uint8Array => {
        options.progress?.(i, total);
        return dtype === stored
          ? new Uint8Array(file.bytes(original))
          : encode(file.read(original), dtype, where);
      };
      return { name, shape, dtype, bytes };
    });
    streamSafetensors(output, tensors);
    return {
      tensors: total,
      bytes: tensors.reduce((sum, { shape, dtype }) => sum + sizeOf(shape) * ITEM_BYTES[dtype], 0),
      prefix,
    };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw error instanceof UserError || code === undefined ? error : cannotWrite(output, error);
  } finally {
    file.close();
  }
}

function encode(data: TensorData, dtype: TensorType, where: string): Uint8Array {
  const { buffer, byteOffset, byteLength } = narrow(data, dtype, where);
  return new Uint8Array(buffer, byteOffset, byteLength);
}

function narrow(data: TensorData, dtype: TensorType, where: string): Float32Array | Uint16Array {
  const values = data instanceof Float32Array ? data : Float32Array.from(data as Float64Array);
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

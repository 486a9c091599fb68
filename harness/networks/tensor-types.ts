import { UserError } from '../errors.ts';
import { bfloatToFloat, halfToFloat } from './half.ts';

/**
 * Bytes of one value, by the names of the safetensors format; C128 occurs in PyTorch files alone. What no network computes
 * with may lie in a file beside its weights.
 */
export const ITEM_BYTES = {
  F64: 8,
  F32: 4,
  F16: 2,
  BF16: 2,
  F8_E4M3: 1,
  F8_E5M2: 1,
  F8_E8M0: 1,
  F8_E4M3FNUZ: 1,
  F8_E5M2FNUZ: 1,
  F6_E2M3: 0.75,
  F6_E3M2: 0.75,
  F4: 0.5,
  C128: 16,
  C64: 8,
  I64: 8,
  U64: 8,
  I32: 4,
  U32: 4,
  I16: 2,
  U16: 2,
  I8: 1,
  U8: 1,
  BOOL: 1,
} as const;
export type TensorType = keyof typeof ITEM_BYTES;

export interface TensorEntry {
  readonly dtype: TensorType;
  readonly shape: readonly number[];
}

/** F16 and BF16 arrive as float32. */
export type TensorData = Float32Array | Float64Array | BigInt64Array | Uint8Array;

const WEIGHT_TYPES: ReadonlySet<TensorType> = new Set(['F64', 'F32', 'F16', 'BF16']);

/** Whether a network's weights may have this type: all of these are computed with as float32. */
export function isWeightType(dtype: TensorType): boolean {
  return WEIGHT_TYPES.has(dtype);
}

/** Values of a tensor from its bytes, little-endian. Throws UserError for a type that is not read. */
export function decode(bytes: ArrayBuffer, dtype: TensorType, where: string): TensorData {
  switch (dtype) {
    case 'F64':
      return new Float64Array(bytes);
    case 'F32':
      return new Float32Array(bytes);
    case 'F16':
      return halfToFloat(new Uint16Array(bytes));
    case 'BF16':
      return bfloatToFloat(new Uint16Array(bytes));
    case 'I64':
      return new BigInt64Array(bytes);
    case 'U8':
      return new Uint8Array(bytes);
    default:
      throw new UserError(`${where} has type ${dtype}, which is not read`);
  }
}

/** The same as float32, F64 rounded. Throws UserError for a type that no weights have. */
export function decodeFloat32(bytes: ArrayBuffer, dtype: TensorType, where: string): Float32Array {
  if (!isWeightType(dtype)) throw new UserError(`${where} has type ${dtype}; expected F32, F16, BF16 or F64`);
  const data = decode(bytes, dtype, where);
  return data instanceof Float32Array ? data : Float32Array.from(data as Float64Array);
}

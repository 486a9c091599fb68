/** A float32 weight that stays in its file: little-endian, row-major, whole numbers of bytes from its start. */
export interface MappedWeight {
  /** Absolute, links resolved. The file must not change while a device uses it. */
  readonly path: string;
  readonly offset: number;
  /** The values, for devices that need them in memory. */
  read(): Float32Array;
}

export type WeightData = Float32Array | MappedWeight;

/** The values of a weight, read where it stays in a file. */
export function valuesOf(weight: WeightData): Float32Array {
  return weight instanceof Float32Array ? weight : weight.read();
}

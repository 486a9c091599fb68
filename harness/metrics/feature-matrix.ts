/** Features [rows, columns], one picture a row, row-major. */
export interface FeatureMatrix {
  readonly rows: number;
  readonly columns: number;
  readonly data: Float32Array | Float64Array;
}

/** The rows of these indices, in their order. */
export function selectRows({ columns, data }: FeatureMatrix, indices: ArrayLike<number>): FeatureMatrix {
  const size = indices.length * columns;
  const selected = data instanceof Float64Array ? new Float64Array(size) : new Float32Array(size);
  for (let i = 0; i < indices.length; i++)
    selected.set(data.subarray(indices[i]! * columns, (indices[i]! + 1) * columns), i * columns);
  return { rows: indices.length, columns, data: selected };
}

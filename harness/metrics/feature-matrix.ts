/** Features [rows, columns], one picture a row, row-major. */
export interface FeatureMatrix {
  readonly rows: number;
  readonly columns: number;
  readonly data: Float32Array | Float64Array;
}

/** Rows that are read when they are asked for: all of them may be more than memory holds. */
export interface FeatureRows {
  readonly rows: number;
  readonly columns: number;
  /** The rows of these indices, in their order. */
  read(indices: readonly number[]): FeatureMatrix;
}

/** Rows that are read at a time: 32 MiB of Inception's features in double precision. */
export const PIECE = 2048;

/** The rows of these indices (all by default), some at a time. */
export function* piecesOf(
  features: FeatureRows,
  indices: readonly number[] = [...Array(features.rows).keys()],
): Generator<FeatureMatrix> {
  for (let start = 0; start < indices.length; start += PIECE)
    yield features.read(indices.slice(start, start + PIECE));
}

/** All rows. */
export function readAll(features: FeatureRows): FeatureMatrix {
  return features.read([...Array(features.rows).keys()]);
}

/** A matrix as rows that are read. */
export function inMemory(matrix: FeatureMatrix): FeatureRows {
  const { rows, columns } = matrix;
  return { rows, columns, read: (indices) => selectRows(matrix, indices) };
}

/** The rows of these indices, in their order. */
export function selectRows({ columns, data }: FeatureMatrix, indices: ArrayLike<number>): FeatureMatrix {
  const size = indices.length * columns;
  const selected = data instanceof Float64Array ? new Float64Array(size) : new Float32Array(size);
  for (let i = 0; i < indices.length; i++)
    selected.set(data.subarray(indices[i]! * columns, (indices[i]! + 1) * columns), i * columns);
  return { rows: indices.length, columns, data: selected };
}

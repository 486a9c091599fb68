/** One metric value of one image: what `export` prints and what the report is made of. */
export interface MetricRow {
  solver: string;
  /** Full parameters, defaults filled in. */
  params: Record<string, unknown>;
  task: string;
  taskParams: Record<string, unknown>;
  dataset: string;
  item: string;
  seed: number;
  metric: string;
  version: number;
  /** Canonical JSON of the metric's protocol: rows of different protocols or versions never share a column. */
  protocol: string;
  value: number;
}

/** One metric value of everything that one method made for a task, over all pictures and seeds. */
export interface SetRow extends Omit<MetricRow, 'item' | 'seed'> {
  standardError: number | null;
  /** The value without each block of images; those of rows over the same images belong together one by one. */
  replicates: readonly number[];
  warnings: readonly string[];
  images: number;
  seeds: number;
}

/** A stored picture. Truth and measurement have no solver. */
export interface ImageRow {
  kind: 'truth' | 'measurement' | 'restored';
  solver: string | null;
  params: Record<string, unknown> | null;
  task: string;
  taskParams: Record<string, unknown>;
  item: string;
  seed: number;
  /** Path of a PNG, relative to the results folder. */
  path: string;
  sha256: string;
}

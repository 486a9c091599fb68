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
  /** Canonical JSON of the metric's protocol: rows of different protocols never share a column. */
  protocol: string;
  value: number;
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
}

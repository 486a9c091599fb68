/** Why a cell has no result. `lost`: its process vanished without a trace of its own (killed from outside). */
export const failureKinds = ['oom', 'timeout', 'nan', 'solver-error', 'crashed', 'lost'] as const;
export type FailureKind = (typeof failureKinds)[number];

export type CellStatus = 'todo' | 'done' | 'failed';

/** What identifies and describes a cell. */
export interface CellRecord {
  key: string;
  kind: 'solver' | 'baseline';
  solver: string;
  solverVersion: number;
  params: Readonly<Record<string, unknown>>;
  task: string;
  taskVersion: number;
  taskParams: Readonly<Record<string, unknown>>;
  /** null for a baseline. */
  prior: {
    name: string;
    params: Readonly<Record<string, unknown>>;
    weightsSha256: string;
    toy: boolean;
  } | null;
  dataset: string;
  item: string;
  itemSha256: string;
  /** [C,H,W]. */
  imageShape: readonly number[];
  seed: number;
}

/** A metric as an experiment asks for it. */
export interface MetricRecord {
  name: string;
  version: number;
  /** Of each picture, or of a configuration's whole set. */
  level: 'image' | 'set';
  protocol: Readonly<Record<string, unknown>>;
}

/** An experiment's latest plan. */
export interface ExperimentRecord {
  name: string;
  configFile: string;
  configText: string;
  report: { baseline: string | null; charts: readonly { x: string; y: readonly string[] }[] };
  metrics: readonly MetricRecord[];
  cells: readonly CellRecord[];
}

export type RunOutcome = 'finished' | 'interrupted' | 'stopped';

/** Where, when and with what an experiment was run. */
export interface RunRecord {
  /** ISO 8601, UTC. */
  started: string;
  /** null outside a git checkout. */
  git: { commit: string; dirty: boolean; diffSha256: string | null } | null;
  versions: Readonly<Record<string, string>>;
  host: string;
  devices: readonly string[];
  argv: readonly string[];
  /** What the run was expected to take; null or left out: nothing was known. */
  estimatedSeconds?: number | null;
}

/** A picture in the results folder. */
export interface StoredImage {
  /** Relative to the results folder. */
  path: string;
  sha256: string;
  width: number;
  height: number;
}

/** What a metric gave for one cell. */
export interface ScoreRecord {
  metric: string;
  version: number;
  protocol: Readonly<Record<string, unknown>>;
  value: number;
}

/** What a metric gave for a whole set of solutions. */
export interface SetScoreRecord {
  key: string;
  metric: string;
  version: number;
  /** With the sets' sizes and the reference set. */
  protocol: Readonly<Record<string, unknown>>;
  value: number;
  standardError: number | null;
  replicates: readonly number[];
  warnings: readonly string[];
}

/** A solved and scored image. Everything but the pictures and the scores is provenance. */
export interface SolutionRecord {
  cellKey: string;
  restored: StoredImage;
  truth: StoredImage;
  measurement: StoredImage;
  /** Path of the float32 output, relative to the results folder. */
  tensor: string;
  /** Of the tensor's file; null where an earlier version has stored it. */
  tensorSha256: string | null;
  /** Wall time of the batch divided by its size; null where it was lost with a database. */
  seconds: number | null;
  /** Steps the solver reported; 0 for a baseline. */
  steps: number;
  /** Evaluations of networks per batch, and `peakMemoryMiB` of the process (worker/peak-memory.ts). */
  counters: Readonly<Record<string, number>>;
  device: string;
  /** Item ids of the batch, in order. */
  batch: readonly string[];
  scores: readonly ScoreRecord[];
}

export interface FailureRecord {
  cellKey: string;
  kind: FailureKind;
  /** One line for the person. */
  message: string;
  /** Last lines the worker printed. */
  logTail: string;
}

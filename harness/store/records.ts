import type { ChartRef } from '../identity/chart-ref.ts';
import type { MethodGroup } from '../identity/method-group.ts';
import type { Batch, Skipped } from '../identity/refs.ts';

/**
 * Why a cell has no result. `missing-picture`: of an imported method, nobody has made it. `lost`: its process vanished
 * without a trace of its own (killed from outside).
 */
export const failureKinds = [
  'oom',
  'timeout',
  'nan',
  'solver-error',
  'missing-picture',
  'crashed',
  'lost',
] as const;
export type FailureKind = (typeof failureKinds)[number];

export type CellStatus = 'todo' | 'done' | 'failed';

/** What identifies and describes a cell. */
export interface CellRecord extends Pick<Batch, 'method' | 'setting' | 'rng' | 'precision'> {
  key: string;
  seed: number;
  item: string;
  itemSha256: string;
}

/** A metric as an experiment asks for it. */
export interface MetricRecord {
  name: string;
  version: number;
  /** Of each picture, or of a configuration's whole set. */
  level: 'image' | 'set';
  protocol: Readonly<Record<string, unknown>>;
}

/** A plan of an experiment: what a version of it is. */
export interface ExperimentRecord {
  name: string;
  configFile: string;
  configText: string;
  /** What the file says with all that it extends, and what the command line has set; left out where nothing is known. */
  configValues?: unknown;
  report: {
    baseline: string | null;
    charts: readonly ChartRef[];
    /** The papers whose figures stand beside ours, or paths of files; left out by earlier versions. */
    published?: readonly string[];
    /** What it calls its priors, by their keys; left out by earlier versions. */
    priors?: readonly { name: string; key: string }[];
    /** What has seen the pictures before it is scored on them, a line each; left out by earlier versions. */
    seen?: readonly string[];
    /** What it calls methods, by their keys, where it has names of its own for them. */
    labels?: Readonly<Record<string, string>>;
    /** What kind of method each is, by its key; left out by earlier versions, as are tables. */
    groups?: Readonly<Record<string, MethodGroup>>;
    tables?: readonly TableRecord[];
  };
  metrics: readonly MetricRecord[];
  cells: readonly CellRecord[];
  skipped: readonly Skipped[];
}

/** A table that a report prints; null: all, in the experiment's order. */
export interface TableRecord {
  title: string | null;
  experiments: readonly string[] | null;
  tasks: readonly string[] | null;
  metrics: readonly string[] | null;
  methods: readonly string[] | null;
  groups: boolean;
  intervals: boolean;
  footnotes: readonly { method: string | null; text: string }[];
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

/** What a file is to its cell: what the method gave, what it was given, what that is compared with. */
export type ArtifactRole = 'result' | 'given' | 'truth';

/** What a file holds. A result is stored as the picture that is scored, and as the array it was rounded from. */
export type Media = 'picture' | 'labels' | 'array';

/** A file of the results folder that belongs to a cell. */
export interface Artifact {
  role: ArtifactRole;
  media: Media;
  /** Relative to the results folder. */
  path: string;
  /** Of the file; null where an earlier version has stored it. */
  sha256: string | null;
}

/** A picture in the results folder. */
export interface StoredImage {
  /** Relative to the results folder. */
  path: string;
  sha256: string;
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

/** A solved and scored image. Everything but the files and the scores is provenance. */
export interface SolutionRecord {
  cellKey: string;
  /** One of each role and media. */
  artifacts: readonly Artifact[];
  /** Wall time of the batch divided by its size; null where it was lost with a database. */
  seconds: number | null;
  /** Steps the solver reported; 0 for a baseline. */
  steps: number;
  /** Evaluations of networks per batch, and `peakMemoryMiB` of the process (worker/peak-memory.ts). */
  counters: Readonly<Record<string, number>>;
  device: string;
  /** Cell keys of the batch, in order; of one that an earlier version has solved the ids of its pictures. */
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

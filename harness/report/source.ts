import type { ChartRef } from '../identity/chart-ref.ts';
import type { MethodGroup } from '../identity/method-group.ts';
import type { Params } from '../identity/refs.ts';
import type { TableRef } from '../plan/plan.ts';
import type { Paper } from '../published/paper.ts';
import type {
  ImageRow,
  MethodRow,
  MetricRow,
  SetRow,
  SettingRow,
  SkippedRow,
  TraceRow,
} from '../store/rows.ts';

/** A method with its citation; empty for the trivial baselines, the first rows of every table. */
export interface MethodInfo extends MethodRow {
  readonly paper: string;
  /** What the experiment calls its prior; null for a baseline. */
  readonly priorName: string | null;
  /** What tables group it under; null: a baseline, or nobody knows. */
  readonly group: MethodGroup | null;
}

export interface MetricInfo {
  readonly name: string;
  readonly title: string;
  readonly better: 'higher' | 'lower';
  /** Default: true. */
  readonly ranked?: false;
  readonly digits: number;
  readonly unit?: string;
}

export interface PriorInfo {
  readonly name: string;
  readonly toy: boolean;
  readonly weightsSha256: string;
}

/** What one restored image cost, by method and setting: means over its images. */
export interface CostRow {
  /** Keys. */
  readonly method: string;
  readonly setting: string;
  readonly images: number;
  readonly secondsPerImage: number;
  /** Network evaluations per image, e.g. { unetForward: 100 }. */
  readonly calls: Readonly<Record<string, number>>;
}

/** Where and how numbers were made. */
export interface RunInfo {
  readonly id: string;
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly devices: readonly string[];
  readonly machine: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly git: { readonly commit: string; readonly dirty: boolean } | null;
}

export interface FailedCell {
  /** Its key. */
  readonly cell: string;
  /** Keys. */
  readonly method: string;
  readonly setting: string;
  readonly solver: string;
  readonly params: Params;
  /** What the experiment calls its prior; null for a baseline. */
  readonly prior: string | null;
  readonly task: string;
  readonly taskParams: Params;
  readonly item: string;
  readonly seed: number;
  /** Failure kind (oom, timeout, nan, ...). */
  readonly kind: string;
  readonly message: string;
  /** The last lines that its process printed. */
  readonly logTail: string;
}

/** All that a report is made of. Rows come in the order in which tables shall list them. */
export interface ReportSource {
  readonly experiment: string;
  readonly config: { readonly path: string; readonly text: string };
  /** Date printed in the report; given, so that equal input gives an equal file. */
  readonly generatedAt: Date;
  /** Solver that paired differences refer to, or null for none. */
  readonly baseline: string | null;
  readonly charts: readonly ChartRef[];
  /** Those that are printed; none: one a setting. */
  readonly tables: readonly TableRef[];
  /** The other experiments that they name, as far as those have results. */
  readonly others: ReadonlyMap<string, ReportSource>;
  /** Papers whose figures stand beside ours, and in a line each those that cannot be read any more. */
  readonly published: { readonly papers: readonly Paper[]; readonly problems: readonly string[] };
  readonly rows: readonly MetricRow[];
  /** Numbers of whole sets. */
  readonly setRows: readonly SetRow[];
  /** Those that galleries show. */
  readonly images: readonly ImageRow[];
  /** Folder that image paths are relative to. */
  readonly resultsDir: string;
  readonly costs: readonly CostRow[];
  readonly runs: readonly RunInfo[];
  readonly priors: readonly PriorInfo[];
  /** What has seen the pictures before it is scored on them, a line each. */
  readonly seen: readonly string[];
  /** Those that rows name. */
  readonly methods: readonly MethodInfo[];
  readonly settings: readonly SettingRow[];
  readonly metrics: readonly MetricInfo[];
  /** Metrics of plug-ins that are gone or do not load: their numbers are not among the rows. */
  readonly unknownMetrics: readonly string[];
  /** Cells of the plan, and how many of them have results. */
  readonly cells: { readonly planned: number; readonly done: number };
  readonly failures: readonly FailedCell[];
  /** What can be drawn of methods' steps: of each method and setting its first cell that has a trace. */
  readonly traces: readonly (TraceRow & { readonly title: string })[];
  /** Methods that a setting or their prior does not allow, and why. */
  readonly skipped: readonly SkippedRow[];
}

import type { Precision } from '../engine/devices/kind.ts';
import { groupBy } from '../group-by.ts';
import { byMethod } from '../identity/batch-methods.ts';
import type { ChartRef } from '../identity/chart-ref.ts';
import { priorKey } from '../identity/keys.ts';
import type { MethodGroup } from '../identity/method-group.ts';
import type { Batch, MethodRef, MetricRef, PlannedItem, Skipped } from '../identity/refs.ts';
import type { Protocol } from '../metrics/metric.ts';
import type { PaperReference } from '../published/read.ts';
import type { PluginRef } from './described.ts';
import type { Executor } from './executor.ts';

/** A table that the report prints; null: all, in the experiment's order. */
export interface TableRef {
  /** null: it is named by its tasks. */
  readonly title: string | null;
  /** null: this one alone. */
  readonly experiments: readonly string[] | null;
  readonly tasks: readonly string[] | null;
  readonly metrics: readonly string[] | null;
  /** Names of solvers, or labels. */
  readonly methods: readonly string[] | null;
  readonly groups: boolean;
  readonly intervals: boolean;
  /** Of one method, or of the table. */
  readonly footnotes: readonly { readonly method: string | null; readonly text: string }[];
}

/** A prior (its key) as an experiment calls it. */
export interface NamedPrior {
  readonly name: string;
  readonly key: string;
}

/** One kind of device and how many workers share it. */
export interface DeviceSlots {
  readonly device: string;
  readonly slots: number;
}

/** The protocol that an experiment's stored numbers of a metric have; null where there are none. */
export type StoredProtocol = (experiment: string, metric: string, version: number) => Protocol | null;

/** Everything an experiment will do, in the order it will be done. */
export interface Plan {
  readonly name: string;
  /** The file the experiment was read from, and its text: kept with the results. */
  readonly configFile: string;
  readonly configText: string;
  /** What the file says with all that it extends, and what the command line has set, as plain JSON. */
  readonly configValues: unknown;
  readonly batches: readonly Batch[];
  /** Its methods in their settings (`rowKey`), in the order in which results list them: a batch may have cells of several. */
  readonly rows: readonly string[];
  /** Methods that a setting or a prior does not allow. */
  readonly skipped: readonly Skipped[];
  /** For the person, one line each. */
  readonly notes: readonly string[];
  readonly metrics: readonly MetricRef[];
  /** Of metrics whose weights are missing, in one line each what is: their numbers may all be stored already. */
  readonly missingWeights: readonly string[];
  /** Part of every metric's protocol: how pictures are kept, and what those of the data set went through. */
  readonly pictures: Protocol;
  readonly devices: readonly DeviceSlots[];
  /** Where batches run; `devices` are then those of each element. */
  readonly executor: Executor;
  /** What the devices compute steps in. */
  readonly precision: Precision;
  /** The plug-ins that a worker must load. */
  readonly plugins: readonly PluginRef[];
  readonly report: {
    readonly baseline: string | null;
    readonly charts: readonly ChartRef[];
    readonly tables: readonly TableRef[];
    /** The papers whose figures stand beside ours; files of one's own by their absolute paths. */
    readonly published: readonly PaperReference[];
    /** What the experiment calls its priors, in its order. */
    readonly priors: readonly NamedPrior[];
    /** What has seen the pictures before it is scored on them, a line each. */
    readonly seen: readonly string[];
    /** What the experiment calls methods, by their keys, where it has names of its own for them. */
    readonly labels?: Readonly<Record<string, string>>;
    /** What kind of method each is, by its key, as far as it is known. */
    readonly groups?: Readonly<Record<string, MethodGroup>>;
  };
}

/** The parts of the batches that are each row's, row by row. */
export function partsByRow({ batches, rows }: Pick<Plan, 'batches' | 'rows'>): Batch[][] {
  const parts = groupBy(batches.flatMap(byMethod), rowKey);
  return rows.map((row) => parts.get(row)!);
}

/** Names a method in a setting. */
export function rowKey({ method, setting }: Pick<Batch, 'method' | 'setting'>): string {
  return `${setting.key} ${method.key}`;
}

/** The keys of all of a plan's cells, batch by batch. */
export function cellKeys({ batches }: Pick<Plan, 'batches'>): string[] {
  return batches.flatMap(({ items }) => items.map(({ cellKey }) => cellKey));
}

/** The seeds of a batch, or of several, each once. */
export function seedsOf(items: readonly Pick<PlannedItem, 'seed'>[]): number[] {
  return [...new Set(items.map(({ seed }) => seed))];
}

/** What an experiment of several priors calls a method's; null where there is nothing to tell apart. */
export function priorAmong({ prior }: MethodRef, priors: readonly NamedPrior[]): string | null {
  if (prior === null || priors.length <= 1) return null;
  return priors.find(({ key }) => key === priorKey(prior))?.name ?? null;
}

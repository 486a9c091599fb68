import type { MethodRef, SettingRef } from '../identity/refs.ts';
import type { ArtifactRole, StoredImage } from './records.ts';

/** A method as the store has it; rows name it by its key. */
export type MethodRow = MethodRef;

/** A setting as the store has it: of its data the name alone. */
export interface SettingRow extends Omit<SettingRef, 'data' | 'imageShape'> {
  readonly dataset: string;
  readonly imageShape: readonly number[];
}

/** The methods and settings that rows name by their keys. */
export interface Named {
  readonly methods: ReadonlyMap<string, MethodRow>;
  readonly settings: ReadonlyMap<string, SettingRow>;
}

/** One metric value of one image: what `export` prints and what the report is made of. */
export interface MetricRow {
  /** Keys. */
  method: string;
  setting: string;
  item: string;
  seed: number;
  metric: string;
  version: number;
  /** Canonical JSON of the metric's protocol: rows of different protocols or versions never share a column. */
  protocol: string;
  value: number;
}

/** One metric value of everything that one method made in a setting, over all pictures and seeds. */
export interface SetRow extends Omit<MetricRow, 'item' | 'seed'> {
  standardError: number | null;
  /** The value without each block of images; those of rows over the same images belong together one by one. */
  replicates: readonly number[];
  warnings: readonly string[];
  images: number;
  seeds: number;
}

/** A stored picture. What all methods were given, and the truth, have no method and no cell. */
export interface ImageRow {
  role: ArtifactRole;
  /** Keys. */
  cell: string | null;
  method: string | null;
  setting: string;
  item: string;
  seed: number;
  /** Path of a PNG, relative to the results folder. */
  path: string;
  sha256: string;
  /** File of the arrays behind the result, relative to the results folder; null where none is stored. */
  array: StoredImage | null;
}

/** A cell whose solver has said something of its steps. */
export interface TraceRow {
  /** Keys. */
  cell: string;
  method: string;
  setting: string;
  item: string;
  seed: number;
}

/** A method that an experiment names and that cannot be used in a setting. */
export interface SkippedRow {
  /** Keys. */
  method: string;
  setting: string;
  reason: string;
}

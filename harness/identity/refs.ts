import type { Precision } from '../engine/devices/kind.ts';
import type { RandomFlavour } from '../engine/random.ts';
import type { MetricLevel } from '../metrics/kinds.ts';

/** A JSON object: parameters as they are hashed, stored and sent to a worker. */
export type Params = Readonly<Record<string, unknown>>;

/** What makes the restored images: a solver, or the task's trivial baseline (which needs no prior). */
export type MethodKind = 'solver' | 'baseline';

/** A prior with its parameters; the hash over its weight files is part of every solver cell's key. */
export interface PriorRef {
  readonly name: string;
  readonly version: number;
  readonly params: Params;
  /** Parameters that are files and folders, as absolute paths: where they lie is no part of a key, their hash is. */
  readonly paths?: Params | undefined;
  readonly weightsSha256: string;
  /** Toy priors are labelled wherever their results show. */
  readonly toy: boolean;
  /** Hash of the plug-in that defines it; absent for a built-in one. */
  readonly pluginSha256?: string | undefined;
}

/** A named data set, or a folder of pictures (absolute path). */
export type DataRef =
  | {
      readonly kind: 'set';
      readonly name: string;
      /** Hash of the plug-in that defines it; absent for a built-in one. */
      readonly pluginSha256?: string | undefined;
    }
  | { readonly kind: 'folder'; readonly name: string; readonly folder: string };

/** A metric whose protocol is part of the number's identity. */
export interface MetricRef {
  readonly name: string;
  readonly version: number;
  readonly level: MetricLevel;
  readonly protocol: Params;
}

/** One way to make the restored images: what a table's row stands for, whatever it is applied to. */
export interface MethodRef {
  /** Hash of everything that tells it from another (keys.ts). */
  readonly key: string;
  readonly kind: MethodKind;
  /** Of the solver, or of the task's baseline. A plug-in's solver may be called like a baseline. */
  readonly name: string;
  /** As tables print it; no part of the key. */
  readonly title: string;
  readonly version: number;
  /** Hash of the plug-in that defines the solver, or the baseline's task; absent for a built-in one. */
  readonly sourceSha256?: string | undefined;
  /** Full parameters, defaults filled in; empty for a baseline. */
  readonly params: Params;
  /** null for a baseline. */
  readonly prior: PriorRef | null;
}

/** What methods of a task are asked for. */
export const TASK_KINDS = ['restore', 'blind', 'segment', 'invert', 'edit', 'generate', 'translate'] as const;

/** What methods are compared on: a task with its parameters, on a data set at one size. */
export interface SettingRef {
  readonly key: string;
  /** Of the task: what methods are asked for. */
  readonly kind: (typeof TASK_KINDS)[number];
  readonly task: string;
  /** As tables head it; no part of the key. */
  readonly title: string;
  readonly version: number;
  /** Hash of the plug-in that defines the task; absent for a built-in one. */
  readonly pluginSha256?: string | undefined;
  readonly params: Params;
  readonly data: DataRef;
  /** [C,H,W] of the images, as the prior wants them. */
  readonly imageShape: readonly [number, number, number];
}

/** One image of a batch. */
export interface PlannedItem {
  readonly id: string;
  /** sha256 of the pixels at the setting's image size. */
  readonly sha256: string;
  /** What it shows, where its method is told that: a parameter is `{ from: caption }`. */
  readonly caption?: string | undefined;
  /** Of its random numbers: a picture may stand in a batch once for each seed. */
  readonly seed: number;
  /** Identity of the restored image: hash of everything that changes it (keys.ts). */
  readonly cellKey: string;
  /** Where it is not its batch's (batch-methods.ts). */
  readonly method?: MethodRef | undefined;
}

/**
 * Cells that run together. The plan fixes the composition: a resumed batch runs again as first composed, so that its
 * numbers are the same. Plain JSON: it travels to the worker as it is.
 */
export interface Batch {
  /** Hash of the members' cell keys, in order. */
  readonly key: string;
  /** Of the first item. Others may have another setting of its solver, which differs in numbers of each image alone. */
  readonly method: MethodRef;
  readonly setting: SettingRef;
  /** Which generator the seeds are for. */
  readonly rng: RandomFlavour;
  /** A baseline's is float32: it runs in no step. */
  readonly precision: Precision;
  /** Forward passes of the network that an image takes; 0 for a baseline. */
  readonly passes: number;
  readonly items: readonly PlannedItem[];
}

/** What a plan leaves out, because it cannot be, with the reason in words. */
export interface Skipped {
  readonly method: MethodRef;
  readonly setting: SettingRef;
  readonly reason: string;
}

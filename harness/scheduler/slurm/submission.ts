import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../../errors.ts';
import type { MetricRef } from '../../identity/refs.ts';
import type { Plan } from '../../plan/plan.ts';
import type { Lease } from '../../worker/messages.ts';
import type { TimeLimits } from '../../worker/watchdog.ts';
import { writeFileAside } from '../../write-file.ts';
import {
  arrayFile,
  arraysFolder,
  endFile,
  planFile,
  resultsOf,
  slicesFile,
  specFile,
  submissionsFolder,
} from './layout.ts';
import type { Resources } from './resources.ts';
import { namesIn, readJson } from './shared-files.ts';
import type { Slice } from './slices.ts';

/** What elements need to know, as it was when they were submitted: a later change of the experiment's file changes nothing. */
export interface Spec {
  readonly format: 2;
  /** Version of this program. */
  readonly program: string;
  readonly experiment: string;
  /** NAME@VERSION: the plan as it was then. */
  readonly version: string;
  /** ISO 8601, UTC. */
  readonly submitted: string;
  /** The command that submitted it: what the results are said to be of. */
  readonly argv: readonly string[];
  /** The plug-ins by their absolute paths. */
  readonly lease: Omit<Lease, 'label' | 'device' | 'resultsDir'>;
  readonly metrics: readonly MetricRef[];
  readonly limits: TimeLimits;
  /** What elements ask for, by the number of their slices' group. */
  readonly groups: readonly Group[];
  /** Elements at once; null: as many as the cluster lets. */
  readonly parallel: number | null;
  /** Of each slice, its first byte in `slices.jsonl`. */
  readonly offsets: readonly number[];
}

/** What elements of some methods ask for. */
export interface Group {
  readonly resources: Resources;
  /** As an element sees it, which has its own for itself, e.g. `cuda:0`. */
  readonly device: string;
}

/** A slice in an array. Its index there is its place in the list. */
export interface Entry {
  readonly slice: number;
  /** The last elements of the slice that have failed without getting anywhere: how many in a row. */
  readonly failures: number;
  /** Keys of cells that have failed with them, and are not tried again. */
  readonly failed: readonly string[];
}

/** An array of elements that was, or is about to be, given to Slurm. */
export interface ArrayRecord {
  readonly number: number;
  readonly group: number;
  readonly entries: readonly Entry[];
  /** Slurm's number; null: it was not heard. */
  readonly job: string | null;
}

/** How a submission was ended. */
export interface SubmissionEnd {
  readonly kind: 'finished' | 'cancelled';
  readonly at: string;
}

/** A folder with what is submitted of an experiment. Few files, large: file systems of clusters are slow with small ones. */
export class Submission {
  /** Absolute path. */
  readonly dir: string;
  /** Absolute path of the results folder that it lies in: that may have been copied or renamed since. */
  readonly resultsDir: string;
  readonly spec: Spec;

  private constructor(dir: string, spec: Spec) {
    this.dir = dir;
    this.resultsDir = resultsOf(dir);
    this.spec = spec;
  }

  static create(dir: string, spec: Omit<Spec, 'offsets'>, plan: Plan, slices: readonly Slice[]): Submission {
    const lines = slices.map((slice) => Buffer.from(`${JSON.stringify(slice)}\n`));
    let end = 0;
    const offsets = lines.map(({ length }) => {
      end += length;
      return end - length;
    });
    writeFileAside(planFile(dir), JSON.stringify(plan), { durable: true });
    writeFileAside(slicesFile(dir), Buffer.concat(lines), { durable: true });
    // The last: a folder without it is none.
    writeFileAside(specFile(dir), JSON.stringify({ ...spec, offsets }), { durable: true });
    return Submission.open(dir);
  }

  /** @throws UserError where the folder holds none */
  static open(dir: string): Submission {
    const spec = readJson<Spec>(specFile(dir));
    if (spec?.format !== 2) throw new UserError(`${dir}: no submission of a run, or one of another tweedie`);
    return new Submission(dir, spec);
  }

  /** One slice: only its own bytes are read. */
  slice(number: number): Slice {
    const { offsets } = this.spec;
    const file = openSync(slicesFile(this.dir), 'r');
    try {
      const start = offsets[number]!;
      const bytes = Buffer.alloc((offsets[number + 1] ?? fstatSync(file).size) - start);
      readSync(file, bytes, 0, bytes.length, start);
      return JSON.parse(bytes.toString('utf8')) as Slice;
    } finally {
      closeSync(file);
    }
  }

  slices(): Slice[] {
    const lines = readFileSync(slicesFile(this.dir), 'utf8').trimEnd().split('\n');
    return lines.map((line) => JSON.parse(line) as Slice);
  }

  plan(): Plan {
    return readJson<Plan>(planFile(this.dir))!;
  }

  array(number: number): ArrayRecord | null {
    return readJson<ArrayRecord>(arrayFile(this.dir, number));
  }

  /** In the order in which they were submitted. */
  arrays(): ArrayRecord[] {
    const numbers = namesIn(arraysFolder(this.dir)).flatMap((name) =>
      /^\d+\.json$/.test(name) ? [Number.parseInt(name, 10)] : [],
    );
    return numbers.sort((a, b) => a - b).flatMap((number) => this.array(number) ?? []);
  }

  keepArray(array: ArrayRecord): void {
    writeFileAside(arrayFile(this.dir, array.number), JSON.stringify(array), { durable: true });
  }

  /** null: it is under way. */
  end(): SubmissionEnd | null {
    return readJson<SubmissionEnd>(endFile(this.dir));
  }

  keepEnd(kind: SubmissionEnd['kind']): void {
    writeFileAside(endFile(this.dir), JSON.stringify({ kind, at: new Date().toISOString() }));
  }
}

/** The submissions of a results folder that are under way, oldest first. */
export function openSubmissions(resultsDir: string): Submission[] {
  return namesIn(submissionsFolder(resultsDir))
    .sort()
    .map((name) => join(submissionsFolder(resultsDir), name))
    .filter((dir) => readJson(specFile(dir)) !== null)
    .map((dir) => Submission.open(dir))
    .filter((submission) => submission.end() === null);
}

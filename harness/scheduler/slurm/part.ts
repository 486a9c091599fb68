import { join } from 'node:path';
import { UserError } from '../../errors.ts';
import { canonicalJson, sha256 } from '../../identity/canonical.ts';
import { finiteOrText, withScores } from '../../store/record-file.ts';
import type { FailureRecord, RunRecord, SolutionRecord } from '../../store/records.ts';
import { writeFileAside } from '../../write-file.ts';
import { lifeOfPart, partFile, partsFolder } from './layout.ts';
import type { Life } from './life.ts';
import { namesIn, readShared } from './shared-files.ts';

/** What became of a cell, after `attempts` that came to nothing. */
export type CellOutcome = { readonly attempts: number } & (
  | {
      readonly kind: 'solved';
      readonly solution: SolutionRecord;
      /** ISO 8601, UTC. */
      readonly finished: string;
    }
  | { readonly kind: 'failed'; readonly failure: FailureRecord }
);

/** The key of its cell. */
export function cellOf(outcome: CellOutcome): string {
  return outcome.kind === 'solved' ? outcome.solution.cellKey : outcome.failure.cellKey;
}

/** How an element says that it ends. `at`: ISO 8601, UTC. */
export type PartEnd = { readonly at: string } & (
  | { readonly kind: 'finished' }
  /** Its time is over, or it was asked to make room. */
  | { readonly kind: 'paused' }
  /** A later life has its slice. */
  | { readonly kind: 'superseded' }
  /** Nothing can be kept any more: one line. */
  | { readonly kind: 'stopped'; readonly message: string }
);

/** All that one life of an element has found, rewritten as it grows. */
export interface Part {
  readonly format: 1;
  readonly life: Life;
  /** With host, devices and Slurm's number of the job. */
  readonly run: RunRecord;
  readonly outcomes: readonly CellOutcome[];
  /** Cells of the batch at hand. */
  readonly atWork: readonly string[];
  /** null: it is alive, or was killed. */
  readonly end: PartEnd | null;
}

export function writePart(dir: string, part: Part): void {
  const content = canonicalJson({ ...part, outcomes: part.outcomes.map(asJson) });
  writeFileAside(partFile(dir, part.life), `{"sha256":"${sha256(content)}","part":${content}}\n`, {
    durable: true,
  });
}

function asJson(outcome: CellOutcome) {
  return outcome.kind === 'solved'
    ? { ...outcome, solution: withScores(outcome.solution, finiteOrText) }
    : outcome;
}

/** @throws UserError for a file that is not as it was written */
export function readPart(file: string): Part {
  const text = readShared(file);
  try {
    const { sha256: digest, part } = JSON.parse(text) as { sha256: string; part: Part };
    if (sha256(canonicalJson(part)) === digest && part.format === 1)
      return { ...part, outcomes: part.outcomes.map(fromJson) };
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof TypeError)) throw error;
  }
  throw new UserError(`${file}: not a whole part file of an element`);
}

/**
 * Nothing depends on a part file that a crash of the file server has damaged: its cells lack results, and are solved again.
 * @param tell hears of such a file
 * @returns null where it is one
 */
export function wholePart(file: string, tell: (line: string) => void): Part | null {
  try {
    return readPart(file);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    tell(`${error.message}; what it held is found again`);
    return null;
  }
}

function fromJson(outcome: CellOutcome): CellOutcome {
  return outcome.kind === 'solved' ? { ...outcome, solution: withScores(outcome.solution, Number) } : outcome;
}

/** The lives that have written something, in no order, with their files. */
export function partFiles(dir: string): { readonly life: Life; readonly file: string }[] {
  return namesIn(partsFolder(dir)).flatMap((name) => {
    const life = lifeOfPart(name);
    return life ? [{ life, file: join(partsFolder(dir), name) }] : [];
  });
}

import { dirname, join } from 'node:path';
import { sha256 } from '../../identity/canonical.ts';
import type { Life } from './life.ts';

/** Where a results folder keeps what is submitted: one folder a submission. */
export function submissionsFolder(resultsDir: string): string {
  return join(resultsDir, 'slurm');
}

/** The results folder of a submission's. */
export function resultsOf(dir: string): string {
  return dirname(dirname(dir));
}

/** Who follows the jobs of an experiment. */
export function driverLockFile(resultsDir: string, experiment: string): string {
  return join(submissionsFolder(resultsDir), `${sha256(experiment).slice(0, 16)}.lock`);
}

export const specFile = (dir: string) => join(dir, 'spec.json');
export const planFile = (dir: string) => join(dir, 'plan.json');
/** A slice a line. */
export const slicesFile = (dir: string) => join(dir, 'slices.jsonl');
export const endFile = (dir: string) => join(dir, 'end.json');
export const arraysFolder = (dir: string) => join(dir, 'arrays');
export const arrayFile = (dir: string, array: number) => join(arraysFolder(dir), `${array}.json`);
export const leaseFile = (dir: string, slice: number) => join(dir, 'leases', `${slice}.json`);
export const partsFolder = (dir: string) => join(dir, 'parts');
export const logsFolder = (dir: string) => join(dir, 'logs');

const PART = /^(\d+)\.(\d+)\.(\d+)\.json$/;

export function partFile(dir: string, { slice, array, restart }: Life): string {
  return join(partsFolder(dir), `${slice}.${array}.${restart}.json`);
}

/** Whose part file has this name; null: it is none. */
export function lifeOfPart(name: string): Life | null {
  const found = PART.exec(name)?.slice(1).map(Number);
  return found ? { slice: found[0]!, array: found[1]!, restart: found[2]! } : null;
}

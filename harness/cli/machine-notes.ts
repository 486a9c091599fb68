import { accessSync, constants, statfsSync, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { missingDevice } from '../engine/device.ts';
import { UserError } from '../errors.ts';
import { fileSystemOf, nearestExisting } from '../file-system.ts';
import type { Plan } from '../plan/plan.ts';
import { printable } from '../text/terminal.ts';
import { warn } from './say.ts';

/** What would keep `run` from running the plan on this machine, or make it slow: one line each. */
export async function machineNotes({ devices, name }: Plan, results: string): Promise<string[]> {
  const notes: string[] = [];
  for (const device of new Set(devices.map(({ device }) => device))) {
    const missing = await missingDevice(device);
    if (missing)
      notes.push(`device ${device} is not there: ${missing.reason}; what it needs: ${missing.install}`);
  }
  const cores = availableParallelism();
  const workers = devices.reduce((n, { device, slots }) => (/^(cpu|wasm)/.test(device) ? n + slots : n), 0);
  if (workers > cores) notes.push(`${workers} workers share this machine's ${cores} cores`);
  for (const [folder, use] of [
    [results, 'the results'],
    ['reports', `the report ${name}.html`],
  ] as const) {
    if (!isWritable(resolve(folder)))
      notes.push(`${folder}: you may not write there; run needs it for ${use}`);
  }
  const shared = sharedFolderNote(results);
  if (shared !== null) notes.push(shared);
  return notes;
}

/** Says how the results are written where machines share their folder. */
export function warnOfSharedFolder(results: string): void {
  const note = sharedFolderNote(results);
  if (note !== null) warn(printable(note));
}

function sharedFolderNote(results: string): string | null {
  const { name, isShared, locksHereOnly } = fileSystemOf(results);
  if (!isShared) return null;
  const locks =
    locksHereOnly === null
      ? ''
      : `; its locks are seen on this machine only (mount option ${locksHereOnly}): give all commands on one machine`;
  return (
    `the results are on ${name} (${resolve(results)}): SQLite runs without write-ahead logging; commands that write wait for ` +
    `each other, one machine at a time, and workers never open the database${locks}`
  );
}

/** Throws UserError where a file lies in the place of the results folder, or of a folder above it. */
export function requireFolder(results: string): void {
  const nearest = nearestExisting(resolve(results));
  if (statSync(nearest).isDirectory()) return;
  throw new UserError(`--results ${results}: expected a folder, ${nearest} is a file`);
}

/** Bytes that are free on the disk of a folder, which need not be there yet. */
export function freeBytes(folder: string): number {
  const { bavail, bsize } = statfsSync(nearestExisting(resolve(folder)));
  return bavail * bsize;
}

function isWritable(folder: string): boolean {
  try {
    accessSync(nearestExisting(folder), constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

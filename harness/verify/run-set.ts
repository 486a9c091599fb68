import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Device } from '../engine/device.ts';
import { UserError } from '../errors.ts';
import { type CaseManifest, readManifest } from './manifest.ts';
import { Networks } from './network.ts';
import { brokenItem, type CaseResult, caseName, runCase } from './run-case.ts';

/** Cases to run: the items of a set, in the order of their names. */
export interface CaseSet {
  /** The folder that holds the item folders. */
  readonly root: string;
  readonly items: readonly Item[];
}

interface Item {
  readonly folder: string;
  readonly name: string;
  /** What is wrong with its manifest where it cannot be read: the item then counts as one failed case. */
  readonly problem: string | null;
  readonly manifest: CaseManifest | null;
  /** Entries of the manifest's `cases` that are wanted. */
  readonly cases: readonly unknown[];
}

/**
 * Finds the cases of a folder: a set (a folder of item folders) or one item.
 * @param only part of `item/case`; absent: all
 * @throws UserError for a folder that holds no items, and where no case is wanted
 */
export function findCases(folder: string, only?: string): CaseSet {
  const path = resolve(folder);
  if (!existsSync(path) || !statSync(path).isDirectory())
    throw new UserError(`${folder}: there is no such folder`);
  const isItem = (candidate: string) => existsSync(join(candidate, 'manifest.json'));
  const root = isItem(path) ? dirname(path) : path;
  const folders = isItem(path)
    ? [path]
    : readdirSync(path)
        .sort()
        .map((name) => join(path, name))
        .filter(isItem);
  if (folders.length === 0) {
    throw new UserError(`${folder}: expected a manifest.json here or in its folders`);
  }
  const items = folders
    .map((item) => readItem(item, only))
    .filter(({ problem, cases }) => problem || cases.length > 0);
  if (items.length === 0)
    throw new UserError(
      only ? `--only: no case's name has "${only}"` : `${folder}: its manifests have no cases`,
    );
  return { root, items };
}

/** Runs the cases one after the other. `progress` hears of each before it starts. */
export async function runCases(
  { root, items }: CaseSet,
  { device, assetFolders }: { device: Device; assetFolders: readonly string[] },
  progress: (caseName: string) => void = () => {},
): Promise<CaseResult[]> {
  const results: CaseResult[] = [];
  const networks = new Networks(root, device.constant);
  try {
    for (const { folder, name, problem, manifest, cases } of items) {
      if (!manifest) results.push(brokenItem(name, problem!));
      else {
        for (const json of cases) {
          progress(`${name}/${caseName(json)}`);
          results.push(await runCase(json, { folder, manifest, networks, assetFolders, device }));
        }
      }
    }
    return results;
  } finally {
    networks.dispose();
  }
}

function readItem(folder: string, only: string | undefined): Item {
  const name = folder.slice(dirname(folder).length + 1);
  try {
    const manifest = readManifest(join(folder, 'manifest.json'));
    const wanted = (json: unknown) => !only || `${manifest.item}/${caseName(json)}`.includes(only);
    return { folder, name, problem: null, manifest, cases: manifest.cases.filter(wanted) };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { folder, name, problem: error.message, manifest: null, cases: [] };
  }
}

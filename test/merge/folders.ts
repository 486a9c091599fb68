import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sha256 } from '../../harness/identity/canonical.ts';
import type { Merged } from '../../harness/merge/merge.ts';
import { merge } from '../../harness/merge/merge.ts';
import { openOther } from '../../harness/merge/other-results.ts';
import type { Artifact, CellRecord, ScoreRecord } from '../../harness/store/records.ts';
import type { Store } from '../../harness/store/store.ts';
import { saveSolution, startRun } from '../../harness/store/writes.ts';
import { writeFileAside } from '../../harness/write-file.ts';
import { exampleRun, exampleSolution } from '../store/example.ts';

/** A run of `example` on a machine. */
export function runOn(store: Store, host: string, experiment = 'example'): number {
  return startRun(store, experiment, { ...exampleRun, host });
}

/** Solves a cell as `content`, which its picture and its array are made of. */
export function solve(
  store: Store,
  run: number,
  cell: CellRecord,
  content: string,
  scores: readonly ScoreRecord[] = [{ metric: 'psnr', version: 1, protocol: { range: 255 }, value: 20 }],
): void {
  const array = `array of ${content}`;
  const tensor = { path: `tensors/${cell.key.slice(0, 2)}/${cell.key}.safetensors`, sha256: sha256(array) };
  writeFileAside(join(store.dir, tensor.path), array);
  const artifacts: Artifact[] = [
    { role: 'result', media: 'picture', ...picture(store, content) },
    { role: 'truth', media: 'picture', ...picture(store, `truth of ${cell.item}`) },
    { role: 'given', media: 'picture', ...picture(store, `given of ${cell.item}`) },
    { role: 'result', media: 'array', ...tensor },
  ];
  saveSolution(store, run, exampleSolution(cell, { artifacts, scores }));
}

function picture(store: Store, content: string) {
  const digest = sha256(content);
  const path = `images/${digest.slice(0, 2)}/${digest}.png`;
  writeFileAside(join(store.dir, path), content);
  return { path, sha256: digest };
}

/** Merges the folder of a store that stays open, as a run's does. */
export function mergeOf(store: Store, from: string, onCell?: (taken: number, of: number) => void): Merged {
  const other = openOther(from);
  try {
    return merge(store, other, onCell);
  } finally {
    other.discard();
  }
}

/** Every file below a folder with its content. */
export function filesIn(dir: string): Map<string, string> {
  const files = readdirSync(dir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    files
      .map(({ parentPath, name }) => join(parentPath, name))
      .sort()
      .map((file) => [file, readFileSync(file, 'latin1')]),
  );
}

import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder } from '../make-folder.ts';
import { SafetensorsFile } from '../networks/safetensors.ts';
import { writeSafetensors } from '../networks/safetensors-writer.ts';
import { writeFileAside } from '../write-file.ts';

const VECTORS = ['weights', 'm', 'v', 'average'] as const;

/** A training state on the host. */
export interface Checkpoint {
  /** Steps done. */
  step: number;
  state: Record<(typeof VECTORS)[number], Float32Array>;
  /** Losses since the last line of the log, so that the next line of a resumed run is what it would have been. */
  pending: { sum: number; count: number };
}

export const NOTHING_PENDING: Checkpoint['pending'] = { sum: 0, count: 0 };

/**
 * Writes a checkpoint: one file a vector, named by its step, then `latest.json`, whose rename makes the whole valid.
 * A crash at any moment leaves the previous checkpoint or this one.
 */
export function saveCheckpoint(
  folder: string,
  { step, state, pending }: Checkpoint,
  previous: number | null,
): void {
  makeFolder(folder);
  for (const name of VECTORS) {
    writeSafetensors(vectorPath(folder, name, step), [
      { name, shape: [state[name].length], data: state[name] },
    ]);
  }
  writeFileAside(join(folder, 'latest.json'), JSON.stringify({ step, pending }), { durable: true });
  if (previous !== null) removeVectors(folder, previous);
}

/** The newest whole checkpoint, or null. */
export function loadCheckpoint(folder: string): Checkpoint | null {
  const latest = join(folder, 'latest.json');
  if (!existsSync(latest)) return null;
  const { step, pending = NOTHING_PENDING } = JSON.parse(readFileSync(latest, 'utf8')) as {
    step: number;
    /** Absent from checkpoints of version 0.1.0's first days, which lie at a line of the log. */
    pending?: Checkpoint['pending'];
  };
  const read = (name: string): Float32Array => {
    const file = new SafetensorsFile(vectorPath(folder, name, step));
    try {
      return file.readFloat32(name);
    } finally {
      file.close();
    }
  };
  return {
    step,
    pending,
    state: { weights: read('weights'), m: read('m'), v: read('v'), average: read('average') },
  };
}

function vectorPath(folder: string, name: string, step: number): string {
  return join(folder, `${name}-${step}.safetensors`);
}

function removeVectors(folder: string, step: number): void {
  for (const name of VECTORS) rmSync(vectorPath(folder, name, step), { force: true });
}

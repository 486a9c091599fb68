/**
 * The child process of a lease: opens its device, loads a prior once and keeps it for the batches that follow. It does
 * one job at a time and says what becomes of it; how it dies is seen from outside, because native calls block it.
 */

import { failureOfError } from './end-of-child.ts';
import type { FromChild, Lease, ToChild } from './messages.ts';
import { scorePictures } from './score-pictures.ts';
import { solveGroup } from './solve-group.ts';
import { Workbench } from './workbench.ts';

// The main process is gone: nobody will take a result.
process.on('disconnect', () => process.exit(0));

const lease = JSON.parse(process.argv[2]!) as Lease;
let opening: Promise<Workbench> | null = null;

process.on('message', (work: ToChild) => void run(work));

async function run(work: ToChild): Promise<void> {
  try {
    opening ??= Workbench.open(lease);
    const bench = await opening;
    if (work.kind === 'score') {
      for await (const outcome of scorePictures(work.job, bench.partsForScores())) tell(outcome);
    } else {
      const parts = await bench.partsFor(work.job, (done, total) => tell({ kind: 'progress', done, total }));
      tell({ kind: 'loaded' });
      for await (const outcome of solveGroup(work.job, parts)) tell(outcome);
    }
    tell({ kind: 'finished' });
  } catch (thrown) {
    const error = thrown instanceof Error ? thrown : new Error(String(thrown));
    tell({
      kind: 'failed',
      failure: failureOfError(error),
      message: error.message.split('\n')[0]!,
      stack: error.stack!,
    });
  }
}

function tell(message: FromChild): void {
  process.send!(message);
}

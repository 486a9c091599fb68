/**
 * The child process of a lease: opens its device, loads a prior once and keeps it for the batches that follow. It does
 * one job at a time and says what becomes of it; how it dies is seen from outside, because native calls block it.
 */

import { writeFileSync } from 'node:fs';
import { STACK_FRAMES, withPlace } from '../text/author.ts';
import { describeThrown } from '../text/thrown.ts';
import { Channel } from './channel.ts';
import { diskTrouble } from './disk-trouble.ts';
import { failureOfError } from './end-of-child.ts';
import { killGroup, killMarked, MARK } from './end-processes.ts';
import type { FromChild, Lease, ToChild } from './messages.ts';
import { scorePictures } from './score-pictures.ts';
import { solveGroup } from './solve-group.ts';
import { sayWhereIfAsked } from './where.ts';
import { Workbench } from './workbench.ts';

const lease = JSON.parse(process.argv[2]!) as Lease;
const mark = process.env[MARK]!;
const channel = new Channel((job) => void run(job), endAlone);
let opening: Promise<Workbench> | null = null;

preferThisProcessToTheMainOne();
keepObjectsAsTheyAre();
Error.stackTraceLimit = STACK_FRAMES;
const exit = refuseExit();
if (lease.plugins.length > 0) sayWhereIfAsked();
process.on('uncaughtException', (error) => {
  channel.tell({ kind: 'uncaught', ...describeThrown(withPlace(error)) }, () => exit(1));
});

async function run(work: ToChild): Promise<void> {
  try {
    opening ??= Workbench.open(lease);
    const bench = await opening;
    if (work.kind === 'score') {
      for await (const outcome of scorePictures(work.job, bench.partsForScores())) channel.tell(outcome);
    } else {
      const parts = await bench.partsFor(work.job, (done, total) =>
        channel.tell({ kind: 'progress', done, total }),
      );
      channel.tell({ kind: 'loaded' });
      for await (const outcome of solveGroup(work.job, parts)) channel.tell(outcome);
    }
    channel.tell({ kind: 'finished' });
  } catch (error) {
    channel.tell(failure(error));
  }
}

function failure(error: unknown): FromChild {
  const trouble = diskTrouble(error, lease.resultsDir);
  if (trouble !== undefined) return { kind: 'stop', message: trouble };
  const thrown = describeThrown(withPlace(error));
  return { kind: 'failed', failure: failureOfError(error, thrown), ...thrown };
}

/** The main process is gone: nobody will take a result, and nobody else ends what the solver has started. */
function endAlone(): void {
  killMarked(mark);
  killGroup(process.pid);
}

/** An end of the process would leave no word of whose it was. */
function refuseExit(): typeof process.exit {
  const { exit } = process;
  process.exit = (code) => {
    throw new Error(`process.exit(${code ?? ''}) ends no worker: throw an error instead`);
  };
  return exit.bind(process);
}

/** What a solver adds to every object, ONNX Runtime would find in the options of the cells that follow. */
function keepObjectsAsTheyAre(): void {
  Object.preventExtensions(Object.prototype);
}

/** Where memory runs out the kernel ends one process: this one costs a batch, the main one the run. */
function preferThisProcessToTheMainOne(): void {
  try {
    writeFileSync('/proc/self/oom_score_adj', '500');
  } catch {
    // Not Linux.
  }
}

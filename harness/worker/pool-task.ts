/**
 * What runs in a thread of the pool: it owns one lease and one child process, and passes on what the child says. The
 * thread itself does no native work, because nothing can stop a thread that does without ending the whole process.
 */
import { parentPort } from 'node:worker_threads';
import { workerData } from 'piscina';
import { describeThrown } from '../text/thrown.ts';
import { WorkerProcess } from './child-process.ts';
import type { BatchEvent, FromThread, GroupEnd, Lease, ThreadSetup, ThreadTask } from './messages.ts';

const { mark } = workerData as ThreadSetup;
const lease = claimLease(workerData as ThreadSetup);
let worker: WorkerProcess | null = null;
let started = 0;

/** Runs one job in this thread's child, starting one where there is none. */
export default async function runJob(task: ThreadTask): Promise<void> {
  const report = (event: BatchEvent) => tellMain({ kind: 'batch', lease: lease.label, task: task.id, event });
  report({ kind: 'started' });
  report({ kind: 'ended', end: await work(task, report) });
}

async function work({ work, limits }: ThreadTask, report: (event: BatchEvent) => void): Promise<GroupEnd> {
  if (!worker?.alive) {
    try {
      worker = await startChild();
    } catch (error) {
      return { kind: 'stop', message: `no worker process can be started: ${describeThrown(error).message}` };
    }
  }
  return worker.run(work, limits, report);
}

async function startChild(): Promise<WorkerProcess> {
  const child = await WorkerProcess.start(lease, `${mark}${lease.label}.${started++}.`);
  tellMain({ kind: 'child', lease: lease.label, pid: child.pid });
  void child.gone.then(() => tellMain({ kind: 'child-gone', lease: lease.label, pid: child.pid }));
  return child;
}

function tellMain(message: FromThread): void {
  parentPort!.postMessage(message);
}

function claimLease({ leases, claims }: ThreadSetup): Lease {
  const slots = new Int32Array(claims);
  const mine = leases.find((_, i) => Atomics.compareExchange(slots, i, 0, 1) === 0);
  if (!mine) throw new Error('more threads than leases');
  return mine;
}

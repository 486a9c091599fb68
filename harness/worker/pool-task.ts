/**
 * What runs in a thread of the pool: it owns one lease and one child process, and passes on what the child says. The
 * thread itself does no native work, because nothing can stop a thread that does without ending the whole process.
 */
import { parentPort } from 'node:worker_threads';
import { workerData } from 'piscina';
import { WorkerProcess } from './child-process.ts';
import type { BatchEvent, FromThread, Lease, ThreadSetup, ThreadTask } from './messages.ts';

const lease = claimLease(workerData as ThreadSetup);
let worker: WorkerProcess | null = null;

/** Runs one job in this thread's child, starting one where there is none. */
export default async function runJob({ id, work, timeoutSeconds }: ThreadTask): Promise<void> {
  const report = (event: BatchEvent) => tellMain({ kind: 'batch', lease: lease.label, task: id, event });
  report({ kind: 'started' });
  if (!worker?.alive) worker = startChild();
  report({ kind: 'ended', end: await worker.run(work, timeoutSeconds, report) });
}

function startChild(): WorkerProcess {
  const child = new WorkerProcess(lease);
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

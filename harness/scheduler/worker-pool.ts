import { fileURLToPath } from 'node:url';
import { Piscina } from 'piscina';
import type { BatchEvent, FromThread, GroupEnd, Lease, ThreadSetup, ThreadTask } from '../worker/messages.ts';
import { killGroup } from './processes.ts';
import type { RunLock } from './run-lock.ts';

const THREAD_FILE = fileURLToPath(new URL('../worker/pool-task.js', import.meta.url));

/** Hears everything that a batch reports, with the label of the lease it runs on. */
export type BatchListener = (lease: string, event: BatchEvent) => void;

/**
 * The pool: one thread a lease, one child process a thread. Give it at most one batch a lease at a time. Results travel
 * as messages of their own, so that each image is stored when it is done and not when its batch is.
 */
export class WorkerPool {
  readonly #piscina: Piscina;
  readonly #lock: RunLock;
  readonly #batches = new Map<string, BatchListener>();
  readonly #children = new Set<number>();
  readonly #waitingForNone: (() => void)[] = [];
  #killing = false;

  constructor(leases: readonly Lease[], lock: RunLock) {
    this.#lock = lock;
    const setup: ThreadSetup = {
      leases,
      claims: new SharedArrayBuffer(leases.length * Int32Array.BYTES_PER_ELEMENT),
    };
    this.#piscina = new Piscina({
      filename: THREAD_FILE,
      minThreads: leases.length,
      maxThreads: leases.length,
      workerData: setup,
      // An idle thread must still hear of its child's end: it may not sleep in Atomics.wait.
      atomics: 'disabled',
    });
    this.#piscina.on('message', (message: FromThread) => this.#hear(message));
  }

  /** Runs one job; resolves after its last message has been heard. */
  async run(task: ThreadTask, listen: BatchListener): Promise<GroupEnd> {
    const ended = new Promise<GroupEnd>((resolve) => {
      this.#batches.set(task.id, (lease, event) => {
        listen(lease, event);
        if (event.kind === 'ended') resolve(event.end);
      });
    });
    try {
      const [end] = await Promise.all([ended, this.#piscina.run(task)]);
      return end;
    } finally {
      this.#batches.delete(task.id);
    }
  }

  /** Ends all children, also those about to start, whatever they do; running batches end as lost. */
  async killChildren(): Promise<void> {
    this.#killing = true;
    const none = new Promise<void>((resolve) => {
      this.#waitingForNone.push(resolve);
    });
    for (const pid of this.#children) killGroup(pid);
    if (this.#children.size === 0) return;
    // Idle threads do not keep the program alive, but their last news is awaited here.
    for (const thread of this.#piscina.threads) thread.ref();
    await none;
  }

  /** Call it when no batch is running. */
  async close(): Promise<void> {
    await this.killChildren();
    await this.#piscina.destroy();
  }

  #hear(message: FromThread): void {
    switch (message.kind) {
      case 'child':
        this.#children.add(message.pid);
        this.#lock.addChild(message.pid);
        if (this.#killing) killGroup(message.pid);
        return;
      case 'child-gone':
        this.#children.delete(message.pid);
        this.#lock.removeChild(message.pid);
        if (this.#children.size === 0) for (const resolve of this.#waitingForNone.splice(0)) resolve();
        return;
      case 'batch':
        this.#batches.get(message.task)?.(message.lease, message.event);
        return;
    }
  }
}

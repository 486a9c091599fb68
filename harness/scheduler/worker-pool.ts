import { fileURLToPath } from 'node:url';
import { Piscina } from 'piscina';
import { killGroup } from '../worker/end-processes.ts';
import type { BatchEvent, FromThread, GroupEnd, Lease, ThreadSetup, ThreadTask } from '../worker/messages.ts';
import type { ProcessNote } from './process-note.ts';

const THREAD_FILE = fileURLToPath(new URL('../worker/pool-task.js', import.meta.url));

/** Hears everything that a batch reports, one thing after the other, with the label of the lease it runs on. */
export type BatchListener = (lease: string, event: BatchEvent) => void | Promise<void>;

/** A batch that is running. */
interface RunningBatch {
  hear(lease: string, event: BatchEvent): void;
  fail(error: unknown): void;
}

/**
 * The pool: one thread a lease, one child process a thread. Give it at most one batch a lease at a time. Results travel
 * as messages of their own, so that each image is stored when it is done and not when its batch is.
 */
export class WorkerPool {
  readonly #piscina: Piscina;
  readonly #note: ProcessNote;
  readonly #batches = new Map<string, RunningBatch>();
  readonly #children = new Set<number>();
  readonly #waitingForNone: (() => void)[] = [];
  /** However the program ends, a child in the midst of a native call would go on. */
  readonly #killOnExit = () => {
    for (const pid of this.#children) killGroup(pid);
  };
  #killing = false;

  constructor(leases: readonly Lease[], note: ProcessNote) {
    this.#note = note;
    const setup: ThreadSetup = {
      leases,
      mark: note.mark,
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
    this.#piscina.on('error', (error) => this.#breakDown(error));
    process.once('exit', this.#killOnExit);
  }

  /**
   * Runs one job; resolves after its last message has been heard.
   * @throws what `listen` throws; the job itself may still be running then
   */
  async run(task: ThreadTask, listen: BatchListener): Promise<GroupEnd> {
    const ended = new Promise<GroupEnd>((resolve, reject) => {
      let heard: Promise<void> = Promise.resolve();
      const hear = (lease: string, event: BatchEvent) => {
        heard = heard.then(async () => {
          await listen(lease, event);
          if (event.kind === 'ended') resolve(event.end);
        });
        heard.catch(reject);
      };
      this.#batches.set(task.id, { hear, fail: reject });
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
    process.off('exit', this.#killOnExit);
  }

  #hear(message: FromThread): void {
    switch (message.kind) {
      case 'child':
        this.#children.add(message.pid);
        if (this.#killing) killGroup(message.pid);
        this.#write(() => this.#note.addChild(message.pid));
        return;
      case 'child-gone':
        this.#children.delete(message.pid);
        if (this.#children.size === 0) this.#tellWaiting();
        this.#write(() => this.#note.removeChild(message.pid));
        return;
      case 'batch':
        this.#batches.get(message.task)?.hear(message.lease, message.event);
        return;
    }
  }

  /** Without a note of its processes a killed run could not be cleared away: where it cannot be made, the run ends. */
  #write(write: () => void): void {
    try {
      write();
    } catch (error) {
      for (const { fail } of this.#batches.values()) fail(error);
    }
  }

  /** A thread has died: of its child nothing will be heard any more. */
  #breakDown(error: unknown): void {
    for (const pid of this.#children) killGroup(pid);
    this.#children.clear();
    this.#tellWaiting();
    for (const { fail } of this.#batches.values()) fail(error);
  }

  #tellWaiting(): void {
    for (const resolve of this.#waitingForNone.splice(0)) resolve();
  }
}

import { Socket } from 'node:net';
import { FrameReader, frame } from './frames.ts';
import type { FromChild, ToChild } from './messages.ts';

/** Where the thread puts the channel; Node's own would let a solver speak with `process.send`. */
const CHANNEL_FD = 3;
/** Steps that are worth a message; a solver may report thousands a second. */
const MS_BETWEEN_PROGRESS = 50;

/** A child's channel to its thread. */
export class Channel {
  readonly #socket = new Socket({ fd: CHANNEL_FD, readable: true, writable: true });
  readonly #due: (done: number, total: number) => boolean = nowAndThen(MS_BETWEEN_PROGRESS);

  constructor(onJob: (job: ToChild) => void, onClosed: () => void) {
    const reader = new FrameReader(Number.POSITIVE_INFINITY);
    this.#socket.on('data', (chunk: Buffer) => {
      for (const job of reader.push(chunk)) onJob(job as ToChild);
    });
    this.#socket.on('error', onClosed).on('close', onClosed);
  }

  /** @param onSent called when it has left this process */
  tell(message: FromChild, onSent?: () => void): void {
    if (message.kind === 'progress' && !this.#due(message.done, message.total)) return;
    this.#socket.write(frame(message), onSent);
  }
}

/** Whether a step is to be told: one that ends, and others now and then. */
export function nowAndThen(
  ms: number,
  now = () => performance.now(),
): (done: number, total: number) => boolean {
  let told = Number.NEGATIVE_INFINITY;
  return (done, total) => {
    if (now() - told < ms && done !== total) return false;
    told = now();
    return true;
  };
}

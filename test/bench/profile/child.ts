/** Runs a case under ONNX Runtime's profiler, in a process of its own, when main.ts asks for it. */
import { openDevice } from '../../../harness/engine/device.ts';
import { CASES } from '../cases/index.ts';
import { profileSessions } from './profiled-sessions.ts';

export interface Request {
  readonly name: string;
  readonly batch: number;
  readonly threads: number;
  readonly calls: number;
  /** Where the profiles go. */
  readonly folder: string;
}

/** Milliseconds of each call. */
export type Answer = readonly number[];

async function run({ name, batch, threads, calls, folder }: Request): Promise<Answer> {
  profileSessions(folder);
  const device = await openDevice(`cpu:${threads}`);
  const work = await CASES.find((c) => c.name === name && c.batch === batch)!.prepare(device);
  const taken: number[] = [];
  for (let i = 0; i < calls; i++) {
    const start = performance.now();
    const result = await work();
    await result.data();
    taken.push(performance.now() - start);
    result.dispose();
  }
  await device.dispose();
  return taken;
}

process.once('message', (request: Request) => {
  run(request).then(
    (answer) => process.send!(answer, () => process.disconnect()),
    (error) => {
      console.error(error);
      process.exit(1);
    },
  );
});
// Also where main.ts has ended.
process.once('disconnect', () => process.exit());

import { randomBytes } from 'node:crypto';
import type { Plan } from '../../harness/plan/plan.ts';
import type { StoredImage } from '../../harness/store/records.ts';
import type { Store } from '../../harness/store/store.ts';
import { endRun, saveSolution, startRun } from '../../harness/store/writes.ts';
import { writeImage } from '../../harness/worker/files.ts';

/** Gives every cell of a registered plan made-up pictures and numbers, without solving. */
export async function saveMadeUp(store: Store, { name, batches, metrics }: Plan): Promise<void> {
  const images: StoredImage[] = [];
  for (let i = 0; i < 20; i++)
    images.push(await writeImage(store.dir, { width: 16, height: 16, channels: 3, data: randomBytes(768) }));
  const run = startRun(store, name, {
    started: new Date().toISOString(),
    git: null,
    versions: { node: process.version },
    host: 'made-up',
    devices: ['cpu'],
    argv: [],
  });
  let n = 0;
  store.db
    .transaction(() => {
      for (const { items } of batches)
        for (const { cellKey, id } of items) {
          const picture = (role: 'result' | 'truth' | 'given', i: number) =>
            ({ role, media: 'picture', ...images[i % images.length]! }) as const;
          saveSolution(store, run, {
            cellKey,
            artifacts: [picture('result', n), picture('truth', n * 7), picture('given', n * 3)],
            ...{ seconds: 0.01, steps: 1, counters: { unetForward: 1 }, device: 'cpu', batch: [id] },
            scores: metrics.map(({ name, version, protocol }) => {
              return { metric: name, version, protocol, value: 20 + Math.random() };
            }),
          });
          n++;
        }
    })
    .immediate();
  endRun(store, run, 'finished');
}

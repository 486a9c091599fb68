import { join } from 'node:path';
import { mediaForms } from '../pictures/media.ts';
import type { Trace } from '../solvers/trace.ts';
import { type TraceFile, tracePath, tracePicturePath } from '../store/trace-file.ts';
import { writeFileAside } from '../write-file.ts';
import { ofImage } from './batch.ts';
import { pngOf } from './files.ts';

/** Writes what was traced of image `i` of a batch, the pictures first; nothing where a solver traces nothing. */
export async function writeTrace(
  resultsDir: string,
  cellKey: string,
  { steps, scalars, pictures }: Trace,
  i: number,
): Promise<void> {
  if (scalars.size + pictures.size === 0) return;
  for (const [name, bySteps] of pictures) {
    for (const [step, values] of bySteps) {
      const [, channels, height, width] = values.shape as [number, number, number, number];
      const picture = mediaForms.picture.keep(ofImage(values, i), [channels, height, width]);
      writeFileAside(join(resultsDir, tracePicturePath(cellKey, name, step)), await pngOf(picture));
    }
  }
  const file: TraceFile = {
    format: 1,
    steps,
    scalars: Object.fromEntries(
      [...scalars].map(([name, bySteps]) => [
        name,
        [...bySteps].map(([step, values]) => [step, Number.isFinite(values[i]) ? values[i]! : null]),
      ]),
    ),
    pictures: Object.fromEntries([...pictures].map(([name, bySteps]) => [name, [...bySteps.keys()]])),
  };
  writeFileAside(join(resultsDir, tracePath(cellKey)), `${JSON.stringify(file)}\n`);
}

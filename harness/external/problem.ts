import type { Operator } from '../operators/operator.ts';
import type { Prior, PriorPart } from '../priors/prior.ts';
import type { Run } from '../solvers/run.ts';
import { PROTOCOL } from './conversation.ts';
import type { Functions } from './functions.ts';
import type { Posed } from './kinds.ts';
import type { Scratch } from './scratch.ts';

/** What a program is told first: its problem, with arrays as files of the scratch folder. */
export async function problemOf(
  posed: Posed,
  prior: Prior,
  params: Readonly<Record<string, unknown>>,
  run: Run,
  functions: Functions,
  scratch: Scratch,
) {
  const { name, shape, predicts, imageShape } = prior;
  return {
    type: 'solve',
    protocol: PROTOCOL,
    kind: posed.kind,
    scratch: scratch.folder,
    params,
    ...(await givenOf(posed, scratch)),
    imageShape,
    images: run.images,
    task: run.task ?? null,
    prior: { name, shape, predicts, parts: partsOf(prior), ...levelsOf(prior, scratch) },
    functions: Object.keys(functions).filter((one) => functions[one]!.lack === null),
  };
}

async function givenOf({ kind, given }: Posed, scratch: Scratch) {
  switch (kind) {
    case 'restore': {
      const { y, A, sigma, noise, captions = null } = given;
      const operator = { name: A.name, linear: A.linear, arrays: await arraysOf(A, scratch) };
      return { y: await scratch.write(y), sigma, noise, captions, operator };
    }
    case 'invert':
      return { x: await scratch.write(given.x), captions: given.captions ?? null };
    case 'edit': {
      const { x, captions, targets, mask } = given;
      return { x: await scratch.write(x), captions, targets, mask: mask ? await scratch.write(mask) : null };
    }
    case 'generate':
      return { captions: given.captions };
    case 'translate':
      return { x: await scratch.write(given.x), from: given.from, to: given.to };
  }
}

/** Files of what A is made of: masks and kernels, one an image, and matrices. */
async function arraysOf({ drawn = {}, matrices = {} }: Operator, scratch: Scratch) {
  const files: Record<string, string> = {};
  for (const [name, tensor] of Object.entries(drawn)) files[name] = await scratch.write(tensor);
  for (const [name, { rows, columns, data }] of Object.entries(matrices))
    files[name] = scratch.writeValues([rows, columns], data);
  return files;
}

function partsOf({ autoencoder, text, clipImage, learnedVariance }: Prior): PriorPart[] {
  const parts: Partial<Record<PriorPart, unknown>> = {
    pixels: !autoencoder,
    autoencoder,
    text,
    clipImage,
    learnedVariance,
  };
  return (Object.keys(parts) as PriorPart[]).filter((part) => parts[part]);
}

/** x_t = signal x_0 + noise e, for each time of the schedule, and at its clean end. */
function levelsOf({ schedule }: Prior, scratch: Scratch) {
  const levels = Array.from({ length: schedule.length }, (_, t) => schedule.level(t));
  const write = (values: number[]) => scratch.writeValues([values.length], Float64Array.from(values));
  return {
    signal: write(levels.map(({ signal }) => signal)),
    noise: write(levels.map(({ noise }) => noise)),
    end: schedule.level(-1),
  };
}

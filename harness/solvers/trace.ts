import { type Tensor, tf } from '../engine/tf.ts';
import { shown } from '../text/shown.ts';

/** How far a run is: its step, from 1, and how many there are. */
export interface Place {
  readonly step: number;
  readonly of: number;
}

/** What a solver says of a step: a number for the batch, or [B]. */
export type Scalars = Readonly<Record<string, Tensor | number>>;

/** Pictures of a step by name, [B,1,H,W] or [B,3,H,W] around [-1,1]. */
export type TracedPictures = () => Readonly<Record<string, Tensor>>;

/** Pictures are kept of at most this many steps, evenly spaced, with the first and the last. */
const MOST_PICTURES = 10;

/** A name is a part of a file's name. */
const NAME = /^[A-Za-z][\w-]{0,39}$/;

/** By name and step; of one that is said twice in a step the last is kept. */
type ByStep<T> = Map<string, Map<number, T>>;

/** What a solver has said of the steps of a batch. */
export class Trace {
  steps = 0;
  /** One number an image. */
  readonly scalars: ByStep<ArrayLike<number>> = new Map();
  /** [B,C,H,W]. */
  readonly pictures: ByStep<{ readonly data: Float32Array; readonly shape: readonly number[] }> = new Map();

  /** The scalars are checked already (`requireScalars`). */
  async add({ step, of }: Place, batch: number, scalars: Scalars, pictures?: TracedPictures): Promise<void> {
    this.steps = of;
    const drawn = pictures && isKept(step, of) ? tf.tidy(() => copiesOf(pictures(), batch)) : {};
    for (const [name, value] of Object.entries(scalars)) {
      const values = typeof value === 'number' ? [value] : await value.data();
      const each = values.length === batch ? Float32Array.from(values) : new Array(batch).fill(values[0]!);
      put(this.scalars, name, step, each);
    }
    for (const [name, picture] of Object.entries(drawn)) {
      const data = Float32Array.from(await picture.data());
      put(this.pictures, name, step, { data, shape: picture.shape });
      picture.dispose();
    }
  }
}

/** @throws Error where a plug-in has traced something else; no value is looked at */
export function requireScalars(scalars: Scalars, batch: number): void {
  if (typeof scalars !== 'object' || scalars === null || scalars instanceof tf.Tensor)
    throw new Error(`run.trace: expected numbers by name, as { loss }; found ${shown(scalars)}`);
  for (const [name, value] of Object.entries(scalars)) {
    requireName(name);
    if (typeof value === 'number') continue;
    if (!(value instanceof tf.Tensor))
      throw new Error(`run.trace: ${name} is ${shown(value)}; expected a number or a tensor [B]`);
    const { shape } = value;
    if (shape.length > 0 && !(shape.length === 1 && shape[0] === batch))
      throw new Error(
        `run.trace: ${name} has shape [${shape}]; expected a number or a tensor [B] = [${batch}]`,
      );
  }
}

/** @throws Error for what is no picture */
function copiesOf(pictures: ReturnType<TracedPictures>, batch: number): Record<string, Tensor> {
  const copies: Record<string, Tensor> = {};
  for (const [name, picture] of Object.entries(pictures)) {
    requireName(name);
    if (!(picture instanceof tf.Tensor))
      throw new Error(`run.trace: ${name} is ${shown(picture)}; expected pictures [B,C,H,W]`);
    const { shape } = picture;
    if (shape.length !== 4 || shape[0] !== batch || (shape[1] !== 1 && shape[1] !== 3))
      throw new Error(
        `run.trace: ${name} has shape [${shape}]; expected pictures [${batch},1,H,W] or [${batch},3,H,W]`,
      );
    copies[name] = tf.clone(picture);
  }
  return copies;
}

function requireName(name: string): void {
  if (!NAME.test(name))
    throw new Error(
      `run.trace: ${shown(name)} is no name; expected up to 40 letters, digits, - and _, a letter first`,
    );
}

function isKept(step: number, of: number): boolean {
  const kept = Math.min(of, MOST_PICTURES);
  for (let i = 0; i < kept; i++)
    if (step === 1 + Math.round((i * (of - 1)) / Math.max(kept - 1, 1))) return true;
  return false;
}

function put<T>(all: ByStep<T>, name: string, step: number, value: T): void {
  const ofName = all.get(name) ?? new Map<number, T>();
  all.set(name, ofName.set(step, value));
}

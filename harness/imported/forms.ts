import { join } from 'node:path';
import { UserError } from '../errors.ts';
import type { Entry } from '../measured/manifest.ts';
import { type NpyArray, readNpy } from '../npy.ts';
import { pictureFormat, strangerName } from '../pictures/picture-kind.ts';
import { requireWholePng } from './whole-png.ts';

/** How what a method has found may lie in a file: named as the problem, with an ending. */
export interface Form {
  readonly extension: string;
  /** @throws UserError for contents that are nothing of the kind, or do not go with the problem */
  require(file: string, bytes: Buffer, entry: Entry, measured: string): void;
}

/** The files of an answer. */
interface Answered {
  /** The result: in one of these forms. */
  readonly result: readonly Form[];
  /** What a blind method finds beside it, by its name there. */
  readonly beside: Readonly<Record<string, Form>>;
}

/** PNG's colour types that lose nothing as RGB. */
const GREY = 0;
const RGB = 2;
const COLOUR_TYPES: Readonly<Record<number, string>> = {
  2: 'RGB',
  3: 'a palette',
  4: 'grey with an alpha channel',
  6: 'RGB with an alpha channel',
};
/** Bytes up to the end of a PNG's header. */
const HEADER = 33;

/** The header says what it is: width, height, bits and colour type (PNG specification, 11.2.2). */
function png(types: readonly number[], expected: string): Form {
  return {
    extension: '.png',
    require(file, bytes, { imageShape: [, height, width] }) {
      if (bytes.length < HEADER || pictureFormat(bytes) !== 'png')
        throw new UserError(`${file}: found ${strangerName(bytes) ?? 'no PNG'}, expected a PNG picture`);
      const [w, h] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
      if (w !== width || h !== height)
        throw new UserError(`${file}: is ${w}x${h}, its truth ${width}x${height}: expected equal sizes`);
      const [bits, type] = [bytes[24]!, bytes[25]!];
      if (bits !== 8 || !types.includes(type))
        throw new UserError(
          `${file}: found ${bits === 8 ? COLOUR_TYPES[type] : `${bits} bits a channel`}, expected ${expected}`,
        );
      requireWholePng(file, bytes, type === RGB ? 3 : 1);
    },
  };
}

/** Of a picture in [-1,1] that is not clipped; one in [0,255] has more. */
const FARTHEST = 10;

const array: Form = {
  extension: '.npy',
  require(file, _bytes, { imageShape }) {
    const { shape, data } = readArray(file);
    if (shape.join() !== imageShape.join())
      throw new UserError(`${file}: has the shape [${shape}], expected [${imageShape}]`);
    const far = data.find((value) => !(Math.abs(value) <= FARTHEST));
    if (far !== undefined)
      throw new UserError(
        `${file}: holds a value of ${far}, expected a picture in about [-1,1]: byte / 127.5 - 1`,
      );
  },
};

/** How far a kernel's sum may be from 1: that of half-precision numbers is nearer. */
const SUM_TOLERANCE = 0.01;

/** [1,k,k], as the truth's. */
const kernel: Form = {
  extension: '.kernel.npy',
  require(file, _bytes, { truths }, measured) {
    const { shape, data } = readArray(file);
    const { shape: expected } = readArray(join(measured, truths.kernel!));
    if (shape.join() !== expected.join())
      throw new UserError(
        `${file}: has the shape [${shape}], expected [${expected}], as the kernel to be found`,
      );
    const sum = Array.from(data).reduce((total, value) => total + value, 0);
    if (!(Math.abs(sum - 1) <= SUM_TOLERANCE))
      throw new UserError(`${file}: has the sum ${sum}, expected a kernel of sum 1`);
  },
};

const picture = [png([GREY, RGB], '8-bit RGB or grey'), array] as const;

export const forms: { readonly [K in Entry['kind']]: Answered } = {
  restore: { result: picture, beside: {} },
  blind: { result: picture, beside: { kernel } },
  invert: { result: picture, beside: {} },
  edit: { result: picture, beside: {} },
  generate: { result: picture, beside: {} },
  translate: { result: picture, beside: {} },
  segment: { result: [png([GREY], 'the index of a class for each pixel, 8-bit grey')], beside: {} },
};

/** An array in the place of a picture. @throws UserError for what is none of floating-point numbers */
export function readArray(file: string): NpyArray {
  try {
    return readNpy(file);
  } catch (error) {
    throw error instanceof UserError ? error : new UserError(`${file}: ${(error as Error).message}`);
  }
}

import type { ResizeKernel } from '../operators/resize-matrix.ts';
import { type Coordinates, pillowResize, type Raster, resizeFilters } from './resize.ts';

/** Side of the pictures that Inception sees. */
export const INCEPTION_SIZE = 299;

/** How bytes become Inception's input. Each gives other features. */
export interface InputPath {
  readonly filter: ResizeKernel;
  /** Widens the filter when shrinking. */
  readonly antialias: boolean;
  readonly coordinates: Coordinates;
  /** To 0 .. 255 after the resize: the bicubic overshoots. */
  readonly clip: boolean;
  /** Input = value * scale + shift, of values 0 .. 255. */
  readonly scale: number;
  readonly shift: number;
  /** In words, for the protocol. */
  readonly resize: string;
  readonly range: string;
}

const bilinear = { filter: resizeFilters.bilinear, antialias: false, clip: false };
/** 255 becomes 0.9922. */
const tensorflowRange = { scale: 1 / 128, shift: -1, range: '(byte - 128) / 128' };

/** Input paths by name. */
export const inputPaths = {
  clean: {
    filter: resizeFilters.bicubic,
    antialias: true,
    coordinates: 'half-pixel',
    clip: true,
    ...tensorflowRange,
    resize: 'clean-fid clean: Pillow bicubic a = -0.5, antialiased, float, clipped to 0-255',
  },
  'pytorch-fid': {
    ...bilinear,
    coordinates: 'half-pixel',
    scale: 2 / 255,
    shift: -1,
    range: 'byte / 127.5 - 1',
    resize: 'pytorch-fid: bilinear, half-pixel centres, not antialiased, float',
  },
  'torch-fidelity': {
    ...bilinear,
    coordinates: 'asymmetric',
    ...tensorflowRange,
    resize: 'torch-fidelity: bilinear as in TensorFlow 1, source = target in / out, float',
  },
} satisfies Record<string, InputPath>;
export type InputPathName = keyof typeof inputPaths;

/** A picture of any size as [C,299,299], row-major; `size` for networks of another side. */
export function inceptionInput(
  image: Raster,
  { filter, antialias, coordinates, clip, scale, shift }: InputPath,
  size: { readonly width: number; readonly height: number } = {
    width: INCEPTION_SIZE,
    height: INCEPTION_SIZE,
  },
): Float32Array {
  const resized = pillowResize(image, size, filter, antialias, coordinates);
  const { channels } = image;
  const plane = size.width * size.height;
  const input = new Float32Array(resized.length);
  for (let i = 0, at = 0; i < plane; i++) {
    for (let c = 0; c < channels; c++) {
      const value = resized[at++]!;
      input[c * plane + i] = (clip ? Math.min(255, Math.max(0, value)) : value) * scale + shift;
    }
  }
  return input;
}

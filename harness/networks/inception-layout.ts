/**
 * Layers of Inception-v3 as TensorFlow's 2015 graph has them, which FID uses (pytorch-fid's fid_inception_v3).
 * Channels come in the order of the branches.
 */

/** A convolution without bias, batch normalisation and ReLU. Stride 1 keeps the size; a larger one takes no padding. */
export interface ConvUnit {
  readonly name: string;
  readonly channels: number;
  /** [height, width] */
  readonly kernel: readonly [number, number];
  readonly stride: number;
}

/** `average` and `max` keep the size (3x3, stride 1); `halve` is a maximum over 3x3 with stride 2. */
export type Pooling = 'average' | 'max' | 'halve';

export interface Branch {
  readonly pooling?: Pooling;
  /** One after the other. */
  readonly units: readonly ConvUnit[];
  /** Side by side on the result of `units`. */
  readonly split?: readonly ConvUnit[];
}

export interface Block {
  readonly name: string;
  readonly branches: readonly Branch[];
}

const unit = (name: string, channels: number, kernel: number | [number, number], stride = 1): ConvUnit => ({
  name,
  channels,
  kernel: typeof kernel === 'number' ? [kernel, kernel] : kernel,
  stride,
});

/** `poolWidth`: channels of the pooling branch. */
function blockA(name: string, poolWidth: number): Block {
  return {
    name,
    branches: [
      { units: [unit('branch1x1', 64, 1)] },
      { units: [unit('branch5x5_1', 48, 1), unit('branch5x5_2', 64, 5)] },
      {
        units: [unit('branch3x3dbl_1', 64, 1), unit('branch3x3dbl_2', 96, 3), unit('branch3x3dbl_3', 96, 3)],
      },
      { pooling: 'average', units: [unit('branch_pool', poolWidth, 1)] },
    ],
  };
}

/** `width`: channels between the factors of the 7x7 convolutions. */
function blockC(name: string, width: number): Block {
  return {
    name,
    branches: [
      { units: [unit('branch1x1', 192, 1)] },
      {
        units: [
          unit('branch7x7_1', width, 1),
          unit('branch7x7_2', width, [1, 7]),
          unit('branch7x7_3', 192, [7, 1]),
        ],
      },
      {
        units: [
          unit('branch7x7dbl_1', width, 1),
          unit('branch7x7dbl_2', width, [7, 1]),
          unit('branch7x7dbl_3', width, [1, 7]),
          unit('branch7x7dbl_4', width, [7, 1]),
          unit('branch7x7dbl_5', 192, [1, 7]),
        ],
      },
      { pooling: 'average', units: [unit('branch_pool', 192, 1)] },
    ],
  };
}

function blockE(name: string, pooling: Pooling): Block {
  return {
    name,
    branches: [
      { units: [unit('branch1x1', 320, 1)] },
      {
        units: [unit('branch3x3_1', 384, 1)],
        split: [unit('branch3x3_2a', 384, [1, 3]), unit('branch3x3_2b', 384, [3, 1])],
      },
      {
        units: [unit('branch3x3dbl_1', 448, 1), unit('branch3x3dbl_2', 384, 3)],
        split: [unit('branch3x3dbl_3a', 384, [1, 3]), unit('branch3x3dbl_3b', 384, [3, 1])],
      },
      { pooling, units: [unit('branch_pool', 192, 1)] },
    ],
  };
}

export const blocks: readonly Block[] = [
  blockA('Mixed_5b', 32),
  blockA('Mixed_5c', 64),
  blockA('Mixed_5d', 64),
  {
    name: 'Mixed_6a',
    branches: [
      { units: [unit('branch3x3', 384, 3, 2)] },
      {
        units: [
          unit('branch3x3dbl_1', 64, 1),
          unit('branch3x3dbl_2', 96, 3),
          unit('branch3x3dbl_3', 96, 3, 2),
        ],
      },
      { pooling: 'halve', units: [] },
    ],
  },
  blockC('Mixed_6b', 128),
  blockC('Mixed_6c', 160),
  blockC('Mixed_6d', 160),
  blockC('Mixed_6e', 192),
  {
    name: 'Mixed_7a',
    branches: [
      { units: [unit('branch3x3_1', 192, 1), unit('branch3x3_2', 320, 3, 2)] },
      {
        units: [
          unit('branch7x7x3_1', 192, 1),
          unit('branch7x7x3_2', 192, [1, 7]),
          unit('branch7x7x3_3', 192, [7, 1]),
          unit('branch7x7x3_4', 192, 3, 2),
        ],
      },
      { pooling: 'halve', units: [] },
    ],
  },
  blockE('Mixed_7b', 'average'),
  // A slip of the TensorFlow graph that the published numbers depend on.
  blockE('Mixed_7c', 'max'),
];

/** Layers before the blocks; only the third keeps the size, and `halve` stands for the pooling. */
export const stem: readonly ((ConvUnit & { readonly padding: number }) | 'halve')[] = [
  { ...unit('Conv2d_1a_3x3', 32, 3, 2), padding: 0 },
  { ...unit('Conv2d_2a_3x3', 32, 3), padding: 0 },
  { ...unit('Conv2d_2b_3x3', 64, 3), padding: 1 },
  'halve',
  { ...unit('Conv2d_3b_1x1', 80, 1), padding: 0 },
  { ...unit('Conv2d_4a_3x3', 192, 3), padding: 0 },
  'halve',
];

/** The torchvision networks that LPIPS takes features of, as the layers of their `features`. */

export type TrunkLayer =
  | {
      readonly kind: 'conv';
      readonly channels: number;
      readonly kernel: number;
      readonly stride: number;
      readonly padding: number;
    }
  | { readonly kind: 'relu' }
  /** 3x3 or 2x2, stride 2; `ceil` keeps a last window over the edge. */
  | { readonly kind: 'maxPool'; readonly size: number; readonly ceil: boolean }
  /** SqueezeNet's: 1x1 to `squeeze` channels, then 1x1 and 3x3 to `expand` channels each; ReLU after all three. */
  | { readonly kind: 'fire'; readonly squeeze: number; readonly expand: number };

export interface Trunk {
  readonly layers: readonly TrunkLayer[];
  /** Indices of the layers whose results are compared. */
  readonly taps: readonly number[];
}

const conv = (channels: number, kernel: number, stride = 1, padding = (kernel - 1) / 2): TrunkLayer => ({
  kind: 'conv',
  channels,
  kernel,
  stride,
  padding,
});
const relu: TrunkLayer = { kind: 'relu' };
const maxPool = (size: number, ceil = false): TrunkLayer => ({ kind: 'maxPool', size, ceil });
const fire = (squeeze: number, expand: number): TrunkLayer => ({ kind: 'fire', squeeze, expand });
const convs = (channels: number, count: number): TrunkLayer[] =>
  Array.from({ length: count }, () => [conv(channels, 3), relu]).flat();

const alex: Trunk = {
  layers: [
    conv(64, 11, 4, 2),
    relu,
    maxPool(3),
    conv(192, 5),
    relu,
    maxPool(3),
    ...convs(384, 1),
    ...convs(256, 2),
  ],
  taps: [1, 4, 7, 9, 11],
};

const vgg: Trunk = {
  layers: [
    ...convs(64, 2),
    maxPool(2),
    ...convs(128, 2),
    maxPool(2),
    ...convs(256, 3),
    maxPool(2),
    ...convs(512, 3),
    maxPool(2),
    ...convs(512, 3),
  ],
  taps: [3, 8, 15, 22, 29],
};

/** SqueezeNet 1.1. */
const squeeze: Trunk = {
  layers: [
    conv(64, 3, 2, 0),
    relu,
    maxPool(3, true),
    fire(16, 64),
    fire(16, 64),
    maxPool(3, true),
    fire(32, 128),
    fire(32, 128),
    maxPool(3, true),
    fire(48, 192),
    fire(48, 192),
    fire(64, 256),
    fire(64, 256),
  ],
  taps: [1, 4, 7, 9, 10, 11, 12],
};

export const lpipsTrunks = { alex, vgg, squeeze };
export type LpipsNet = keyof typeof lpipsTrunks;

/** The shortest side of a picture that leaves the last tap a pixel, as PyTorch counts: from that pixel back. */
export function smallestSide({ layers, taps }: Trunk): number {
  return layers.slice(0, taps.at(-1)! + 1).reduceRight((side, layer) => {
    switch (layer.kind) {
      case 'conv':
        return Math.max(1, (side - 1) * layer.stride + layer.kernel - 2 * layer.padding);
      case 'maxPool':
        return (side - 1) * 2 + layer.size - (layer.ceil ? 1 : 0);
      default:
        return side;
    }
  }, 1);
}

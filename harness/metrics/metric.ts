/** An image as metrics see it: height x width x channels, row-major. */
export interface Image8 {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly data: Uint8Array;
}

/** A full-reference metric of one image. The protocol is part of the number's identity. */
export interface ImageMetric {
  readonly name: string;
  readonly version: number;
  readonly better: 'higher' | 'lower';
  readonly unit?: string;
  /** Decimals shown in tables. */
  readonly digits: number;
  /** Every choice that changes the value, spelled out. */
  readonly protocol: Readonly<Record<string, string | number | boolean>>;
  score(restored: Image8, truth: Image8): number;
}

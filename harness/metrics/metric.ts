/** An image as metrics see it: height x width x channels, row-major. */
export interface Image8 {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly data: Uint8Array;
}

/** Every choice that changes a value, spelled out: part of the number's identity. */
export type Protocol = Readonly<Record<string, string | number | boolean>>;

/** What a metric says of itself. */
export interface Metric {
  readonly name: string;
  readonly version: number;
  readonly better: 'higher' | 'lower';
  readonly unit?: string;
  /** Decimals shown in tables. */
  readonly digits: number;
  readonly protocol: Protocol;
}

/** A full-reference metric of one image, plain arithmetic. */
export interface ImageMetric extends Metric {
  score(restored: Image8, truth: Image8): number;
}

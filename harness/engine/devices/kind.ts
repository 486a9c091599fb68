import type { Compile } from '../compile.ts';
import type { Tensor } from '../tf.ts';
import type { WeightData } from '../weight.ts';

/** Where tensors are computed. A process has one device at a time. */
export interface Device {
  /** As given, e.g. `cpu:2`. */
  readonly name: string;
  readonly compile: Compile;
  /** `compile`, but never in float16: for networks that score pictures, whose numbers know of no precision. */
  readonly compileInFull: Compile;
  /** A weight: part of the compiled graphs, never changed. The data are used in place, not copied. */
  constant(data: WeightData, shape: readonly number[]): Tensor;
  /** What a report should say of it. */
  info(): Record<string, string>;
  /** Graphs compiled so far; 0 on devices that compile nothing. */
  compilations(): number;
  dispose(): Promise<void>;
}

/**
 * What numbers are inside a compiled step; at its border and outside they are float32. tf32: float32 of which a matrix
 * product keeps 10 bits of the mantissa. float16: weights and products; norms, softmax and sums stay float32.
 */
export const PRECISIONS = ['float32', 'tf32', 'float16'] as const;
export type Precision = (typeof PRECISIONS)[number];

/** A device as asked for. */
export interface DeviceRequest {
  readonly name: string;
  /** What stands after the colon. */
  readonly number: number | null;
  /** `+cpu`: the CPU runs operators that the device lacks. Without it they are errors. */
  readonly cpuFallback: boolean;
  readonly precision: Precision;
}

/** Why a device cannot be used on this machine, and what would change that. */
export interface Missing {
  readonly reason: string;
  readonly install: string;
}

export interface DeviceKind {
  readonly syntax: string;
  readonly example: string;
  readonly summary: string;
  /** Groups: `number`, and `fallback` where `+cpu` may follow. */
  readonly pattern: RegExp;
  readonly precisions: readonly Precision[];
  /** Looked for where a machine may lack it; null: it is there. */
  missing?(number: number | null): Promise<Missing | null>;
  open(request: DeviceRequest): Promise<Device>;
}

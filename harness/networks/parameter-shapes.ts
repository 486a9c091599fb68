import { sizeOf } from '../engine/shape.ts';

/** What a parameter is, which decides how it is initialised and whether weight decay makes sense. */
export type ParamKind = 'weight' | 'bias' | 'normWeight' | 'normBias' | 'embedding' | 'logScale';

/** Name, shape and role of one parameter of a network. */
export interface ParamSpec {
  readonly name: string;
  readonly shape: readonly number[];
  readonly kind: ParamKind;
  /** Inputs that one output sums over; 0 where the kind has none. A bias takes that of its weight. */
  readonly fanIn: number;
}

/** Collects a network's parameters; each building block has a function that adds its own. */
export class ShapeList {
  readonly #specs: ParamSpec[];
  readonly #prefix: string;

  constructor(specs: ParamSpec[] = [], prefix = '') {
    this.#specs = specs;
    this.#prefix = prefix;
  }

  get specs(): readonly ParamSpec[] {
    return this.#specs;
  }

  scope(prefix: string): ShapeList {
    return new ShapeList(this.#specs, `${this.#prefix}${prefix}.`);
  }

  conv(name: string, inChannels: number, outChannels: number, kernel: number, bias = true): void {
    const fanIn = inChannels * kernel * kernel;
    this.#add(`${name}.weight`, [outChannels, inChannels, kernel, kernel], 'weight', fanIn);
    if (bias) this.#add(`${name}.bias`, [outChannels], 'bias', fanIn);
  }

  linear(name: string, inFeatures: number, outFeatures: number, bias = true): void {
    this.#add(`${name}.weight`, [outFeatures, inFeatures], 'weight', inFeatures);
    if (bias) this.#add(`${name}.bias`, [outFeatures], 'bias', inFeatures);
  }

  norm(name: string, channels: number): void {
    this.#add(`${name}.weight`, [channels], 'normWeight', 0);
    this.#add(`${name}.bias`, [channels], 'normBias', 0);
  }

  embedding(name: string, rows: number, width: number): void {
    this.#add(`${name}.weight`, [rows, width], 'embedding', 0);
  }

  /** A parameter that belongs to no layer. */
  free(name: string, shape: readonly number[]): void {
    this.#add(name, shape, 'embedding', 0);
  }

  /** The logarithm of what multiplies cosines before a softmax: an inverse temperature. */
  logScale(name: string): void {
    this.#add(name, [], 'logScale', 0);
  }

  #add(name: string, shape: readonly number[], kind: ParamKind, fanIn: number): void {
    this.#specs.push({ name: this.#prefix + name, shape, kind, fanIn });
  }
}

export function countParameters(specs: readonly ParamSpec[]): number {
  return specs.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
}

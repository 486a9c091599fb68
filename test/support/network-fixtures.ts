/** Cases of test/fixtures/<item>: cut from the reference fixtures (same manifest keys), without what no test reads. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { type Tensor, tf } from '../../harness/engine/tf.ts';
import type { ParamSpec } from '../../harness/networks/parameter-shapes.ts';
import { type NetworkParams, paramsOf } from '../../harness/networks/params.ts';
import { SafetensorsFile } from '../../harness/networks/safetensors.ts';
import type { TensorData } from '../../harness/networks/tensor-types.ts';
import { currentDevice, looseness } from './device.ts';
import { prngWeights } from './prng-weights.ts';

interface Tolerance {
  rel_l2?: number;
  max_abs?: number;
  max_rel?: number;
  exact?: boolean;
}

export interface FixtureCase {
  name: string;
  file: string;
  entry: string;
  params: Readonly<Record<string, unknown>>;
  network: { item: string; config: string };
  outputs: readonly string[];
  bind?: Readonly<Record<string, string>>;
}

export interface FixtureConfig {
  config: unknown;
  weight_rule_prefix: string;
  weight_rule_scale?: number;
  embedding_scale?: number;
}

export interface Manifest {
  configs: Readonly<Record<string, FixtureConfig>>;
  cases: readonly FixtureCase[];
  files: Readonly<Record<string, Record<string, { shape: number[]; tolerance?: Tolerance }>>>;
}

const root = fileURLToPath(new URL('../fixtures/', import.meta.url));

export function readManifest(item: string): Manifest {
  return JSON.parse(readFileSync(`${root}${item}/manifest.json`, 'utf8')) as Manifest;
}

/** One file of an item: its tensors, and what is expected of them. */
export class FixtureFile {
  readonly #file: SafetensorsFile;
  readonly #expected: Manifest['files'][string];

  constructor(item: string, manifest: Manifest, file: string) {
    this.#file = new SafetensorsFile(`${root}${item}/${file}`);
    this.#expected = manifest.files[file]!;
  }

  data(name: string): TensorData {
    return this.#file.read(name);
  }

  shape(name: string): readonly number[] {
    return this.#file.entries.get(name)!.shape;
  }

  /** F32 as float32, I64 as int32. */
  tensor(name: string): Tensor {
    const data = this.data(name);
    return data instanceof BigInt64Array
      ? tf.tensor(Int32Array.from(data, Number), [...this.shape(name)], 'int32')
      : tf.tensor(data as Float32Array, [...this.shape(name)]);
  }

  /** A result has the reference's shape and lies within every limit of its tolerance, as the device allows. */
  async expectTensor(name: string, result: Tensor): Promise<void> {
    expect(result.shape, name).toEqual(this.shape(name));
    this.expectValues(name, await result.data());
  }

  expectValues(name: string, result: ArrayLike<number>): void {
    const reference = Float64Array.from(this.data(name) as ArrayLike<number>, Number);
    const { tolerance } = this.#expected[name]!;
    if (!tolerance) throw new Error(`${name} has no tolerance: it is not an output`);
    const limit = (tolerance: number) => tolerance * looseness(currentDevice());
    expect(result.length, name).toBe(reference.length);
    const difference = Float64Array.from(reference, (r, i) => Math.abs(result[i]! - r));
    if (tolerance.exact) expect(Math.max(...difference), `${name}, exact`).toBe(0);
    if (tolerance.max_abs)
      expect(Math.max(...difference), `${name}, max_abs`).toBeLessThanOrEqual(limit(tolerance.max_abs));
    if (tolerance.rel_l2) {
      expect(norm2(difference) / norm2(reference), `${name}, rel_l2`).toBeLessThanOrEqual(
        limit(tolerance.rel_l2),
      );
    }
    if (tolerance.max_rel) {
      const relative = difference.map((d, i) => (d === 0 ? 0 : d / Math.abs(reference[i]!)));
      expect(Math.max(...relative), `${name}, max_rel`).toBeLessThanOrEqual(limit(tolerance.max_rel));
    }
  }
}

/** A network's parameters by the PRNG rule of its config. */
export function fixtureParams(config: FixtureConfig, specs: readonly ParamSpec[]): NetworkParams {
  const weights = fixtureWeights(config, specs);
  const tensors = specs.map(({ name, shape }) => [name, tf.tensor(weights.get(name)!, [...shape])] as const);
  return paramsOf(new Map(tensors), config.weight_rule_prefix);
}

export function fixtureWeights(
  config: FixtureConfig,
  specs: readonly ParamSpec[],
): Map<string, Float32Array> {
  return prngWeights(specs, {
    prefix: config.weight_rule_prefix,
    scale: config.weight_rule_scale,
    embeddingScale: config.embedding_scale,
  });
}

function norm2(values: Float64Array): number {
  return Math.sqrt(values.reduce((sum, v) => sum + v * v, 0));
}

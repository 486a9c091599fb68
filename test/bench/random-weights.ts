import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Device } from '../../harness/engine/device.ts';
import { sizeOf } from '../../harness/engine/shape.ts';
import { loadWeights } from '../../harness/networks/load-weights.ts';
import type { ParamSpec } from '../../harness/networks/parameter-shapes.ts';
import { type NetworkParams, paramsOf } from '../../harness/networks/params.ts';
import { bytesOf, streamSafetensors } from '../../harness/networks/safetensors-writer.ts';
import { noise } from './noise.ts';

/** Weights that keep activations at their size; pytorch/noise.py has the same. */
function randomWeight({ shape, fanIn }: ParamSpec, index: number): Float32Array {
  const bound = fanIn > 0 ? 1 / Math.sqrt(fanIn) : 1;
  return noise(sizeOf(shape), 10 + index).map((v) => bound * v);
}

/** In memory, as small networks have them. */
export function randomWeights(device: Device, specs: readonly ParamSpec[]): NetworkParams {
  const tensors = specs.map(
    (spec, i) => [spec.name, device.constant(randomWeight(spec, i), spec.shape)] as const,
  );
  return paramsOf(new Map(tensors), 'the benchmark');
}

/** In a temporary file until this process ends (in order by signals too: main.ts), as large networks have them. */
export function randomWeightsInFile(
  device: Device,
  specs: readonly ParamSpec[],
  name: string,
): NetworkParams {
  const path = join(tmpdir(), `tweedie-bench-${process.pid}-${name}.safetensors`);
  process.once('exit', () => rmSync(path, { force: true }));
  streamSafetensors(
    path,
    specs.map((spec, i) => ({
      name: spec.name,
      shape: spec.shape,
      dtype: 'F32',
      bytes: () => bytesOf(randomWeight(spec, i)),
    })),
  );
  return loadWeights(path, specs, device.constant).params;
}

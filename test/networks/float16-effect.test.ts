/**
 * What float16 does to the U-Net fixtures: their graphs in double precision, each float16 result rounded. Minutes a case, so
 * that vitest.config.ts leaves it out unless it is asked for: TWEEDIE_FLOAT16_EFFECT=1 npx vitest run test/networks/float16-effect.test.ts
 */
import { beforeAll, describe, expect, it } from 'vitest';
import type { OnnxBackend } from '../../harness/engine/onnx/backend.ts';
import { programOf } from '../../harness/engine/onnx/graph.ts';
import { inHalfPrecision } from '../../harness/engine/onnx/half-precision.ts';
import { useOnnxBackend } from '../../harness/engine/onnx/register.ts';
import { type Tensor, tf } from '../../harness/engine/tf.ts';
import { parseConfig } from '../../harness/networks/config-file.ts';
import { paramsOf } from '../../harness/networks/params.ts';
import { unetConfigSchema } from '../../harness/networks/unet-config.ts';
import { unet2dCondition, unetParameterShapes } from '../../harness/networks/unet2d-condition.ts';
import { distance } from '../support/fixture.ts';
import { evaluate } from '../support/float64.ts';
import { FixtureFile, fixtureWeights, readManifest } from '../support/network-fixtures.ts';

const item = '01-sd-unet';
const manifest = readManifest(item);
const cases = manifest.cases.filter(({ name }) => name.includes('b1_16x16'));

describe('a U-Net in float16 arithmetic', () => {
  let backend: OnnxBackend;
  beforeAll(async () => {
    backend = await useOnnxBackend({ threads: 1, provider: 'cpu', capacity: 1 });
  });

  it.each(cases)('$name', { timeout: 900_000 }, async ({ name, file: fileName, network }) => {
    const fixture = manifest.configs[network.config]!;
    const config = parseConfig(name, fixture.config, unetConfigSchema);
    const specs = unetParameterShapes(config);
    const weights = fixtureWeights(fixture, specs);
    const constants = specs.map(
      ({ name, shape }) => [name, backend.constant(weights.get(name)!, shape)] as const,
    );
    const params = paramsOf(new Map(constants), fixture.weight_rule_prefix);
    const file = new FixtureFile(item, manifest, fileName);
    const t = file.tensor('timestep');
    const f = (z: Tensor, c: Tensor) => unet2dCondition(params, config, z, t, c);
    const args = [file.tensor('z'), file.tensor('c')];
    const gradients = tf.grads(f as (...args: Tensor[]) => Tensor)(args, file.tensor('w'));
    const nodes = [f(args[0]!, args[1]!), ...gradients].map((tensor) => backend.node(tensor));
    const results = evaluate(
      programOf(inHalfPrecision(nodes)),
      (node) => backend.feedData(node as Parameters<OnnxBackend['feedData']>[0]).data,
    );
    const errors = ['eps', 'grad_z', 'grad_c'].map(
      (output, i) => distance(results[i]!.data, file.data(output) as Float32Array).rel_l2,
    );
    console.log(name, errors.map((error) => error.toExponential(1)).join(' '));
    expect(Math.max(errors[0]!, errors[1]!)).toBeLessThan(5e-3);
    expect(errors[2]).toBeLessThan(5e-2);
  });
});

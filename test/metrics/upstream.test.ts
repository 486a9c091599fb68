import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Device, openDevice } from '../../harness/engine/device.ts';
import { uniforms } from '../../harness/engine/random.ts';
import { sizeOf } from '../../harness/engine/shape.ts';
import { inceptionExtractor } from '../../harness/metrics/inception.ts';
import { inceptionInput, inputPaths } from '../../harness/metrics/inception-input.ts';
import { lpipsMetric } from '../../harness/metrics/lpips.ts';
import type { Networked } from '../../harness/metrics/network-metric.ts';
import { upstreamMetrics } from '../../harness/metrics/upstream.ts';
import { inceptionShapes } from '../../harness/networks/inception-v3.ts';
import { lpipsHeadShapes, lpipsTrunkShapes } from '../../harness/networks/lpips.ts';
import { lpipsTrunks } from '../../harness/networks/lpips-trunks.ts';
import type { ParamSpec } from '../../harness/networks/parameter-shapes.ts';
import { writeSafetensors } from '../../harness/networks/safetensors-writer.ts';
import type { Image8 } from '../../harness/pictures/image8.ts';
import { distance } from '../support/fixture.ts';

const folder = mkdtempSync(join(tmpdir(), 'upstream-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A published file of a network, made up: weights of usable size, and the classifier that comes with them. */
function published(name: string, specs: readonly ParamSpec[], rest: string): string {
  const path = join(folder, name);
  const tensors = specs.map((spec, n) => {
    const scale = spec.fanIn > 0 ? Math.sqrt(6 / spec.fanIn) : 0.1;
    const centre = spec.kind === 'normWeight' ? 1 : 0;
    const data = new Float32Array(sizeOf(spec.shape));
    for (let i = 0; i < data.length; i++) data[i] = centre + scale * Math.sin(1.7 * i * i + n);
    return { name: spec.name, shape: spec.shape, data };
  });
  writeSafetensors(path, [...tensors, { name: rest, shape: [3], data: new Float32Array(3) }]);
  return path;
}

function picture(width: number, height: number, draw: number): Image8 {
  const next = uniforms({ seed: 0, role: 'sample', image: 'upstream', draw });
  const data = Uint8Array.from({ length: width * height * 3 }, () => 256 * next());
  return { width, height, channels: 3, data };
}

let device: Device;
beforeAll(async () => {
  device = await openDevice('cpu:1');
});

describe('lpips-squeeze', () => {
  const metric = lpipsMetric('lpips-squeeze', 'squeeze');
  const [trunk, heads] = metric.weights.map(({ name }) => name) as [string, string];
  const layout = lpipsTrunks.squeeze;
  const paths: Record<string, string> = {};
  beforeAll(() => {
    paths[trunk] = published(trunk, lpipsTrunkShapes(layout), 'classifier.1.bias');
    const head = lpipsHeadShapes(layout).map(({ name, shape, fanIn }) => {
      return { name, shape, data: new Float32Array(fanIn).fill(0.1) };
    });
    paths[heads] = join(folder, heads);
    writeSafetensors(paths[heads]!, head);
  });

  it('scores pairs of different sizes, each as if it came alone', async () => {
    const open = await metric.open(paths, device);
    const restored = [picture(40, 32, 0), picture(40, 32, 1), picture(33, 48, 2)];
    const truths = [picture(40, 32, 3), restored[1]!, picture(33, 48, 4)];
    const together = await open.scores(restored, truths);
    expect(together[0]).toBeGreaterThan(0);
    expect(together[1]).toBe(0);
    for (const [i, value] of together.entries())
      expect((await open.scores([restored[i]!], [truths[i]!]))[0]).toBeCloseTo(value, 6);
    open.dispose();
  });

  it('names the hashes of both files in its protocol', () => {
    expect(metric.protocol({ [trunk]: 'aaa', [heads]: 'bbb' })).toMatchObject({
      weights: 'sha256 aaa',
      heads: 'LPIPS v0.1, sha256 bbb',
      resize: 'none',
    });
  });

  it('refuses the file of another network by a tensor that is missing', async () => {
    const other = published('alex', lpipsTrunkShapes(lpipsTrunks.alex), 'classifier.1.bias');
    await expect(metric.open({ ...paths, [trunk]: other }, device)).rejects.toThrow(
      /tensor 'features.3.squeeze.weight' \[16,64,1,1\] is missing \(and \d+ more\)/,
    );
  });
});

describe('inception', () => {
  const names = Object.keys(inputPaths) as (keyof typeof inputPaths)[];

  it('gives each picture its features, whatever its size and company', async () => {
    const extractor = inceptionExtractor('clean');
    const { name } = extractor.weights[0]!;
    const open = await extractor.open({ [name]: published(name, inceptionShapes(), 'fc.bias') }, device);
    const pictures = [picture(31, 20, 0), picture(299, 299, 1)];
    const rows = await open.features(pictures);
    expect(rows.length).toBe(2 * extractor.dimensions);
    const alone = await open.features([pictures[1]!]);
    const second = rows.subarray(extractor.dimensions);
    expect(Math.max(...alone)).toBeGreaterThan(0.01);
    alone.forEach((value, i) => {
      expect(second[i]).toBeCloseTo(value, 4);
    });
    open.dispose();
  });

  it('has three input paths that differ in values, and say so in their protocols', () => {
    const image = picture(64, 48, 5);
    const inputs = names.map((name) => inceptionInput(image, inputPaths[name]));
    const resizes = names.map((name) => inceptionExtractor(name).protocol({}).resize);
    expect(new Set(resizes).size).toBe(3);
    for (const [i, a] of inputs.entries())
      for (const b of inputs.slice(i + 1)) expect(distance(a, b).max_abs).toBeGreaterThan(0.05);
  });

  it.each([
    ['clean', 127 / 128],
    ['pytorch-fid', 1],
    ['torch-fidelity', 127 / 128],
  ] as const)('%s makes -1 of 0 and %f of 255', (name, white) => {
    const size = { width: 7, height: 5 };
    const flat = (byte: number) => ({
      width: 9,
      height: 9,
      channels: 3,
      data: new Uint8Array(243).fill(byte),
    });
    for (const v of inceptionInput(flat(0), inputPaths[name], size)) expect(v).toBeCloseTo(-1, 6);
    for (const v of inceptionInput(flat(255), inputPaths[name], size)) expect(v).toBeCloseTo(white, 6);
  });

  it('pytorch-fid resizes as bilinear interpolation does: half-pixel centres, edges repeated', () => {
    const ramp = { width: 2, height: 1, channels: 1, data: [0, 255] };
    const input = inceptionInput(ramp, inputPaths['pytorch-fid'], { width: 4, height: 1 });
    expect([...input]).toEqual([-1, -0.5, 0.5, 1].map((v) => expect.closeTo(v, 6)));
  });

  it('torch-fidelity starts at the first pixel and repeats the last one, as TensorFlow 1 does', () => {
    const ramp = { width: 2, height: 1, channels: 1, data: [0, 128] };
    const input = inceptionInput(ramp, inputPaths['torch-fidelity'], { width: 4, height: 1 });
    expect([...input]).toEqual([-1, -0.5, 0, 0].map((v) => expect.closeTo(v, 6)));
  });
});

describe('the upstream metrics', () => {
  const networks = upstreamMetrics.map(
    (m): Networked<unknown> => ('extractor' in m ? m.extractor : (m as never)),
  );

  it('have names of their own', () => {
    const names = upstreamMetrics.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });

  it('give protocols that tell their weights', () => {
    for (const network of networks) {
      const hashes = (value: string) => Object.fromEntries(network.weights.map(({ name }) => [name, value]));
      expect(network.protocol(hashes('a'))).not.toEqual(network.protocol(hashes('b')));
    }
  });
});

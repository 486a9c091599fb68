import { describe, expect, it } from 'vitest';
import { pillowResize, type Raster, resizeFilters } from '../../harness/metrics/resize.ts';
import { keysCubic } from '../../harness/operators/resize-matrix.ts';
import { distance, type FixtureTensor, readFixture, readManifest } from '../support/fixture.ts';

const item = '10-cleanfid-resize';
const tensors = readFixture(`${item}/cases.safetensors`);

function raster({ shape, data }: FixtureTensor): Raster {
  const [height, width, channels] = shape as [number, number, number];
  return { width, height, channels, data };
}

// Values of clean-fid's make_resizer with Pillow 9.4.0: 90 x 120 shrunk, and 40 x 150 widened and shortened.
describe.each(readManifest(item).cases.map((entry) => [entry.name, entry] as const))('%s', (_, entry) => {
  it("equals clean-fid's resize", () => {
    const expected = tensors[entry.bind!.resized!]!;
    const [height, width] = expected.shape as [number, number];
    const resized = pillowResize(raster(tensors[entry.bind!.image_u8!]!), { width, height });
    const clipped = resized.map((v) => Math.min(255, Math.max(0, v)));
    expect(clipped.length).toBe(expected.data.length);
    expect(distance(clipped, expected.data).max_abs).toBeLessThan(1e-4);
  });
});

describe('pillowResize', () => {
  const ramp: Raster = { width: 5, height: 1, channels: 1, data: [0, 10, 20, 30, 40] };

  it('leaves a picture of the right size as it is', () => {
    expect([...pillowResize(ramp, { width: 5, height: 1 })]).toEqual(ramp.data);
  });

  it.each(Object.entries(resizeFilters))('keeps a constant picture constant (%s)', (_, filter) => {
    const flat = { width: 7, height: 9, channels: 3, data: new Uint8Array(7 * 9 * 3).fill(93) };
    for (const v of pillowResize(flat, { width: 4, height: 20 }, filter)) expect(v).toBeCloseTo(93, 4);
  });

  it('takes the mean of the pixels below each larger one with the box filter', () => {
    const line = { width: 6, height: 1, channels: 1, data: [1, 2, 3, 4, 5, 9] };
    expect([...pillowResize(line, { width: 3, height: 1 }, resizeFilters.box)]).toEqual([1.5, 3.5, 7]);
  });

  it('overshoots at an edge, more with a = -0.75 than with a = -0.5', () => {
    const edge = { width: 8, height: 1, channels: 1, data: [0, 0, 0, 0, 255, 255, 255, 255] };
    const peak = (a: number) => Math.max(...pillowResize(edge, { width: 32, height: 1 }, keysCubic(a)));
    expect(peak(-0.5)).toBeGreaterThan(255);
    expect(peak(-0.75)).toBeGreaterThan(peak(-0.5));
  });

  it('without antialiasing looks only at the nearest pixels of the larger picture', () => {
    const spike = { width: 12, height: 1, channels: 1, data: [90, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0] };
    const size = { width: 3, height: 1 };
    expect([...pillowResize(spike, size, resizeFilters.bilinear, false)]).toEqual([0, 0, 0]);
    expect(pillowResize(spike, size, resizeFilters.bilinear)[0]).toBeGreaterThan(0);
  });
});

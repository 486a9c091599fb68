import { describe, expect, it } from 'vitest';
import { uniforms } from '../../harness/engine/random.ts';
import { bfloatToFloat, floatToBfloat, floatToHalf, halfToFloat } from '../../harness/networks/half.ts';

const all = Uint16Array.from({ length: 1 << 16 }, (_, i) => i);

describe.each([
  ['half', floatToHalf, halfToFloat],
  ['bfloat16', floatToBfloat, bfloatToFloat],
] as const)('float32 to %s', (_, narrow, widen) => {
  const widened = widen(all);

  it('gives back every value that came from there', () => {
    const back = narrow(widened);
    for (const [i, value] of widened.entries()) {
      if (Number.isNaN(value)) expect(widen(back.subarray(i, i + 1))[0]).toBeNaN();
      else expect(back[i]).toBe(i);
    }
  });

  it('takes the nearest value, of two equally near the even one', () => {
    const finite = [...widened].filter((x) => Number.isFinite(x) && x >= 0).sort((a, b) => a - b);
    const random = uniforms({ seed: 0, role: 'sample', image: 'half', draw: 0 });
    for (let round = 0; round < 5000; round++) {
      const at = Math.floor(random() * (finite.length - 1));
      const [low, high] = [finite[at]!, finite[at + 1]!];
      const share = round % 3 === 0 ? 0.5 : random();
      const x = Math.fround(low + share * (high - low));
      const [code] = narrow(Float32Array.of(x));
      const got = widen(Uint16Array.of(code!))[0]!;
      expect([low, high]).toContain(got);
      const [near, far] = [Math.abs(x - got), Math.abs(x - (got === low ? high : low))];
      expect(near).toBeLessThanOrEqual(far);
      if (near === far) expect(code! % 2).toBe(0);
      expect(widen(narrow(Float32Array.of(-x)))[0]).toBe(-got);
    }
  });
});

it('what is too large for a half is infinite', () => {
  const values = Float32Array.of(65504, 65519, 65520, 1e30, -65520);
  expect([...halfToFloat(floatToHalf(values))]).toEqual([65504, 65504, Infinity, Infinity, -Infinity]);
});

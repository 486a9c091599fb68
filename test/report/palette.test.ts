import { describe, expect, it } from 'vitest';
import { palettes } from '../../harness/report/charts/palette.ts';

/** Machado, Oliveira and Fernandes 2009, table of severity 1.0: linear RGB as who lacks a cone sees it. */
const SEEN = {
  all: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  protanopia: [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
  deuteranopia: [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881],
  tritanopia: [1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.3039],
};

type Triple = readonly [number, number, number];

function linear(colour: string): Triple {
  const part = (at: number) => {
    const value = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return [part(1), part(3), part(5)];
}

function seen([r, g, b]: Triple, m: readonly number[]): Triple {
  const row = (i: number) => Math.min(1, Math.max(0, m[i]! * r + m[i + 1]! * g + m[i + 2]! * b));
  return [row(0), row(3), row(6)];
}

const luminance = ([r, g, b]: Triple) => 0.2126 * r + 0.7152 * g + 0.0722 * b;

/** CIELAB, D65. */
function lab([r, g, b]: Triple): Triple {
  const f = (t: number) => (t > 216 / 24389 ? Math.cbrt(t) : ((24389 / 27) * t + 16) / 116);
  const x = f((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.95047);
  const y = f(luminance([r, g, b]));
  const z = f((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.08883);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

describe.each([
  ['light', '#fdfdfb'],
  ['dark', '#16161a'],
] as const)('the colours of methods, %s', (theme, ground) => {
  const { series } = palettes[theme];

  it.each(Object.entries(SEEN))('stay apart: %s', (_, matrix) => {
    const colours = series.map((colour) => lab(seen(linear(colour), matrix)));
    colours.forEach((one, i) => {
      for (const other of colours.slice(i + 1))
        expect(Math.hypot(...one.map((value, k) => value - other[k]!))).toBeGreaterThan(20);
    });
  });

  it('stand out from the page by 3 to 1, as WCAG 2 asks of graphics (1.4.11)', () => {
    for (const colour of series) {
      const [high, low] = [luminance(linear(colour)), luminance(linear(ground))].sort((a, b) => b - a);
      expect((high! + 0.05) / (low! + 0.05), colour).toBeGreaterThanOrEqual(3);
    }
  });
});

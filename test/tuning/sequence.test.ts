import { describe, expect, it } from 'vitest';
import { plain } from '../../harness/config/located.ts';
import { valueAt } from '../../harness/config/range.ts';
import { parseYaml } from '../../harness/config/yaml.ts';
import { type Axis, readAxis } from '../../harness/tuning/axis.ts';
import { placesOf, pointsOf } from '../../harness/tuning/sequence.ts';
import { fakes } from '../config/fakes.ts';

const where = { file: 'e.yaml', line: 1, column: 1 };
const p2l = fakes.solvers.get('p2l')!;

const axis = (parameter: string, text: string): Axis =>
  readAxis(p2l, parameter, { keyWhere: where, value: parseYaml(text, 'e.yaml') });

const first = (count: number, axes: readonly Axis[], seed = 0): unknown[] => {
  const points: unknown[] = [];
  for (const point of pointsOf(axes, seed, where)) {
    if (points.push(plain(point)) === count) break;
  }
  return points;
};

const valuesOf = (count: number, of: Axis, seed = 0): number[] =>
  first(count, [of], seed).map((point) => (point as Record<string, number>)[of.parameter]!);

describe('lists', () => {
  it('are tried in their order, the last key fastest, and end', () => {
    const axes = [axis('latentStep', '[3, 1]'), axis('mode', '[plain, adam]')];
    expect(first(100, axes)).toEqual([
      { latentStep: 3, mode: 'plain' },
      { latentStep: 3, mode: 'adam' },
      { latentStep: 1, mode: 'plain' },
      { latentStep: 1, mode: 'adam' },
    ]);
  });

  it('of values that are lists or mappings themselves are candidates like others', () => {
    expect(first(9, [axis('betas', '[[0.5, 0.6], [0.7, 0.8]]')])).toEqual([
      { betas: [0.5, 0.6] },
      { betas: [0.7, 0.8] },
    ]);
    expect(first(9, [axis('cfg', '[{ scale: 2 }]')])).toEqual([{ cfg: { scale: 2 } }]);
  });

  it('beside a range: each combination takes its next point', () => {
    const points = first(5, [axis('mode', '[plain, adam]'), axis('latentStep', '{ from: 1, to: 2 }')]);
    const alone = valuesOf(5, axis('latentStep', '{ from: 1, to: 2 }'));
    expect(points).toEqual(
      alone.map((latentStep, n) => ({ mode: n % 2 === 0 ? 'plain' : 'adam', latentStep })),
    );
  });
});

describe('a range', () => {
  it('is filled evenly by any number of points: no gap is wider than thrice the mean', () => {
    for (const count of [2, 5, 13, 40]) {
      const places = Array.from({ length: count }, (_, n) => placesOf(1, 0)(n)[0]!).sort((a, b) => a - b);
      const gaps = places.map((place, i) => (places[i + 1] ?? places[0]! + 1) - place);
      expect(Math.max(...gaps) * count, `${count} points`).toBeLessThan(3);
      expect(Math.min(...gaps) * count, `${count} points`).toBeGreaterThan(0.3);
    }
  });

  it('of two dimensions puts points into each of 16 equal squares by the 64th', () => {
    const square = ([x, y]: number[]) => 4 * Math.floor(4 * x!) + Math.floor(4 * y!);
    const squares = Array.from({ length: 64 }, (_, n) => square(placesOf(2, 0)(n)));
    expect(new Set(squares).size).toBe(16);
  });

  it('is the same each time, another one with another seed, and longer with more points', () => {
    const range = axis('latentStep', '{ from: 1, to: 2 }');
    expect(valuesOf(6, range)).toEqual(valuesOf(6, range));
    expect(valuesOf(6, range).slice(0, 4)).toEqual(valuesOf(4, range));
    expect(valuesOf(6, range, 1)).not.toEqual(valuesOf(6, range));
  });

  it('is equal in its steps or in their ratios, with four digits', () => {
    const linear = axis('latentStep', '{ from: 1, to: 100 }');
    const log = axis('latentStep', '{ from: 1, to: 100, scale: log }');
    const at = (of: Axis) => [0, 0.25, 0.5, 1].map((place) => (of.kind === 'range' ? valueAt(of, place) : 0));
    expect(at(linear)).toEqual([1, 25.75, 50.5, 100]);
    expect(at(log)).toEqual([1, 3.162, 10, 100]);
  });

  it('stays between its ends where these have more digits', () => {
    const range = axis('latentStep', '{ from: 1.00004, to: 1.00006 }');
    expect(valuesOf(20, range).every((value) => value >= 1.00004 && value <= 1.00006)).toBe(true);
  });

  it('of whole numbers is rounded', () => {
    const steps = valuesOf(40, axis('steps', '{ from: 1, to: 4 }'));
    expect(new Set(steps)).toEqual(new Set([1, 2, 3, 4]));
  });
});

import { describe, expect, it } from 'vitest';
import type { Axis, Figure } from '../../harness/report/charts/figure.ts';
import { layOut } from '../../harness/report/charts/layout.ts';
import { limitsOf } from '../../harness/report/charts/limits.ts';

const axis = (more: Partial<Axis> = {}): Axis => ({
  ...{ title: 'PSNR', name: 'psnr', digits: 2, range: {}, worse: 'low', mayBeLog: false, isRead: true },
  ...more,
});
const at = (...values: readonly number[]) => values.map((value) => ({ value, low: value, high: value }));

describe('an axis', () => {
  it('holds all values with their intervals and a little air', () => {
    const { min, max } = limitsOf([{ value: 20, low: 19, high: 21 }, ...at(22)], axis());
    expect([min, max]).toEqual([expect.closeTo(19 - 0.18), expect.closeTo(22 + 0.18)]);
  });

  it('leaves out one failure that would flatten the rest, on the worse side alone', () => {
    const values = at(20, 21, 22, 23, -60);
    expect(limitsOf(values, axis()).min).toBeGreaterThan(19);
    expect(limitsOf(values, axis({ worse: 'high' })).min).toBeLessThan(-60);
    expect(limitsOf(values, axis({ worse: null })).min).toBeLessThan(-60);
  });

  it('leaves out no more than one in four, and none that does not flatten', () => {
    expect(limitsOf(at(20, 21, 22, 23, -60, -70), axis()).min).toBeLessThan(-70);
    expect(limitsOf(at(20, 21, -60), axis()).min).toBeLessThan(-60);
    expect(limitsOf(at(20, 21, 22, 23, 16), axis()).min).toBeLessThan(16);
  });

  it('begins and ends where it is told to, if only on one side of all values', () => {
    expect(limitsOf(at(20, 21), axis({ range: { min: 0, max: 40 } }))).toMatchObject({ min: 0, max: 40 });
    expect(limitsOf(at(20, 21), axis({ range: { min: 50 } }))).toMatchObject({ min: 50, max: 51 });
    expect(limitsOf(at(20, 21), axis({ range: { max: 5 } }))).toMatchObject({ min: 4, max: 5 });
  });

  it('is logarithmic where it is asked for, or may be and the values are wide', () => {
    expect(limitsOf(at(1, 100), axis({ mayBeLog: true })).log).toBe(true);
    expect(limitsOf(at(1, 10), axis({ mayBeLog: true })).log).toBe(false);
    expect(limitsOf(at(1, 100), axis({ mayBeLog: true, range: { log: false } })).log).toBe(false);
    const { min, log } = limitsOf(at(-1, 0, 1, 10), axis({ range: { log: true } }));
    expect(log && min > 0).toBe(true);
  });
});

describe('a value beyond its axis', () => {
  const figure = (y: number, more: Partial<Figure['series'][number]> = {}): Figure => ({
    ...{ kind: 'sweep', title: '', caption: '', height: 320 },
    x: axis({ worse: null }),
    y: axis({ range: { min: 10, max: 20 } }),
    series: [{ label: 'm', look: 'muted', line: 'none', inLegend: true, points: [{ x: 1, y }], ...more }],
  });

  it('stands at the edge with its number, and the caption says why', () => {
    const { series, note } = layOut(figure(-3.456));
    expect(series[0]!.points[0]).toMatchObject({ y: 10, beyond: { side: 'bottom', text: '−3.46' } });
    expect(note).toContain('One value is off the axis');
    expect(note).toContain('asked for');
    expect(layOut(figure(12)).note).toBe('');
  });

  it('may be infinite: the layout is finite all the same', () => {
    const layout = layOut(figure(Number.POSITIVE_INFINITY));
    expect(layout.series[0]!.points[0]).toMatchObject({ y: 20, beyond: { side: 'top', text: '∞' } });
    expect(JSON.parse(JSON.stringify(layout))).toEqual(layout);
  });

  it('may be infinite along the other axis, where it is no level', () => {
    const points = [20, Number.POSITIVE_INFINITY].map((x) => ({ x, y: 12 }));
    const { series, note } = layOut(figure(12, { points }));
    expect(series[0]!.points.map(({ beyond }) => beyond)).toEqual([null, { side: 'right', text: '∞' }]);
    expect(note).toBe('One value is off the axis, at its edge with its number (infinite).');
  });

  it('is no line along the edge where it is a level', () => {
    const points = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY].map((x) => ({ x, y: 5 }));
    const [level] = layOut(figure(5, { isGuide: true, line: 'dashed', points })).series;
    expect(level).toMatchObject({ line: 'none', points: [{ name: 'm', beyond: { text: '5.00' } }] });
  });
});

import { expect, it } from 'vitest';
import { declaredOnly } from '../../harness/worker/declared-only.ts';

const params: Record<string, unknown> = declaredOnly({ steps: 3 }, 'mine', ['steps', 'stepSize']);

it('a parameter that is not declared is refused with the nearest that is', () => {
  expect(() => params.stepsize).toThrow('mine has no parameter "stepsize": did you mean "stepSize"?');
});

it('one that is declared and left out is undefined', () => {
  expect([params.steps, params.stepSize]).toEqual([3, undefined]);
});

it('what JavaScript itself asks of an object is answered: as JSON, awaited, spread, as text', async () => {
  expect(JSON.stringify(params)).toBe('{"steps":3}');
  expect(await params).toEqual({ steps: 3 });
  expect({ ...params }).toEqual({ steps: 3 });
  expect(String(params)).toBe('[object Object]');
});

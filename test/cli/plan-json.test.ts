import { expect, it } from 'vitest';
import { planJson } from '../../harness/cli/plan-json.ts';
import type { Plan } from '../../harness/plan/plan.ts';

const plan = (count: number) =>
  ({ name: 'trial', groups: Array.from({ length: count }, (_, seed) => ({ seed })) }) as unknown as Plan;

it.each([0, 1, 1000, 2500])('the pieces of a plan of %i batches are one JSON document', (count) => {
  const document = JSON.parse([...planJson(plan(count), { cached: 3 })].join('\n'));
  expect(document).toEqual({ ...plan(count), cached: 3 });
});

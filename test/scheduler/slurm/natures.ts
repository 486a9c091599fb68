import type { Nature } from './fake-cluster.ts';

/** Nothing happens. */
export const CALM: Nature = {
  faults: { ghost: 0, node: 0, preempted: 0, timeout: 0, crashed: 0, forgotten: 0 },
  slots: 50,
  maxArraySize: 1001,
  maxSubmit: null,
  otherJobs: 0,
  silent: 0,
  deadly: new Set(),
};

/** Half of all lives end too early, and one question in ten has no answer. */
export const STORMY: Nature = {
  ...CALM,
  faults: { ghost: 0.15, node: 0.08, preempted: 0.08, timeout: 0.08, crashed: 0.06, forgotten: 0.06 },
  silent: 0.1,
  slots: 20,
  maxArraySize: 20,
  maxSubmit: 45,
};

/** The same for an array of a thousand. */
export const STORMY_AND_LARGE: Nature = { ...STORMY, slots: 200, maxArraySize: 1001, maxSubmit: 400 };

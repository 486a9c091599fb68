import type { Resources } from '../../harness/plan/executor.ts';

/** The cluster decides everything. */
export const NOTHING_ASKED: Resources = {
  partition: null,
  account: null,
  gres: null,
  time: null,
  mem: null,
  cpus: null,
  setup: [],
  args: [],
};

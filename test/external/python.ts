import { spawnSync } from 'node:child_process';

/** The first Python that has numpy: $PYTHON, python3, Debian's own; null where none has. */
export const PYTHON =
  [process.env.PYTHON, 'python3', '/usr/bin/python3'].find(
    (python) => python && spawnSync(python, ['-c', 'import numpy']).status === 0,
  ) ?? null;

/** For the names of tests that are skipped without it. */
export const needing = PYTHON === null ? ' (skipped: no python3 with numpy here)' : '';

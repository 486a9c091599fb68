import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { PACKAGE_ROOT } from '../../../harness/package-root.ts';

/** Where test/integration/deepinv/setup makes it. */
const FOLDER =
  process.env.TWEEDIE_DEEPINV ??
  join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'tweedie-test/deepinv');

/** Whether there is a Python with deepinv. */
export const DEEPINV: boolean = existsSync(join(FOLDER, 'bin/python'));
/** For the name of a test that asks for it. */
export const whyNot = DEEPINV ? '' : ' (skipped: test/integration/deepinv/setup has made no environment)';

/** Its variables, as `env` takes them. */
export function environment(): string[] {
  return [
    `PATH=${FOLDER}/bin:${process.env.PATH}`,
    `PYTHONPATH=${join(PACKAGE_ROOT, 'docs/examples')}`,
    'PYTHONDONTWRITEBYTECODE=1',
  ];
}

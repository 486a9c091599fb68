import { join } from 'node:path';
import { PACKAGE_ROOT } from '../../package-root.ts';

/** Something of one's own to begin with, for each name: a plug-in that passes `tweedie check`, and an experiment that uses it. */
export interface Beginning {
  /** As a sentence calls it. */
  readonly what: string;
  module(name: string): string;
  experiment(name: string): string;
  /** What the experiment's run gives. */
  readonly shows: string;
}

/** How every experiment here begins. @param besides another command that shows it */
export function head(
  name: string,
  { besides, data = faces(4) }: { readonly besides?: string; readonly data?: string } = {},
): string {
  return `# tweedie run ${name}.yaml
${besides === undefined ? '' : `# ${besides}\n`}name: ${name}
prior: embedded
data: ${data}
plugins: [${name}.js]`;
}

/** Pictures to try it on, small and at hand. */
export function faces(count: number): string {
  return `{ set: toyfaces, split: validation, count: ${count} }`;
}

/** The files of one, by name: module, experiment, test. */
export function filesOf({ module, experiment }: Beginning, name: string): Readonly<Record<string, string>> {
  return {
    [`${name}.js`]: module(name),
    [`${name}.yaml`]: experiment(name),
    [`${name}.test.js`]: test(name),
  };
}

function test(name: string): string {
  return `// node --test ${name}.test.js
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { deepEqual } from 'node:assert/strict';
import { test } from 'node:test';

const TWEEDIE = ${JSON.stringify(join(PACKAGE_ROOT, 'dist/harness/cli/main.js'))};
const FILE = fileURLToPath(new URL('./${name}.js', import.meta.url));

test('${name} does what everything of its kind must', () => {
  const findings = JSON.parse(execFileSync(process.execPath, [TWEEDIE, 'check', FILE, '--json'], { encoding: 'utf8' }));
  deepEqual(findings.filter(({ problem }) => problem !== null), []);
});
`;
}

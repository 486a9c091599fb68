import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { PACKAGE_ROOT } from '../../harness/package-root.ts';
import { folderWith } from '../config/fakes.ts';

/** How a module with each text goes wrong while it is loaded. */
const MODULES: Readonly<Record<string, readonly [text: string, told: string | RegExp]>> = {
  'a-error': [`throw new Error('first\\nsecond')`, /a-error\.mjs:1:7: first\\nsecond$/],
  'b-text': [`throw 'no error'`, 'no error'],
  'c-null': ['throw null', 'null was thrown, which is no error'],
  'd-unreadable': [
    `throw Object.create(Error.prototype, { message: { get() { throw 0 } } })`,
    'an error was thrown whose message cannot be read',
  ],
  'e-rejection': [
    `Promise.reject(new Error('lost')); await new Promise(() => {})`,
    /e-rejection\.mjs:1:16: lost$/,
  ],
  'f-timer': [
    `setTimeout(() => { throw new Error('late') }, 1); await new Promise(() => {})`,
    /f-timer\.mjs:1:26: late$/,
  ],
  'g-exit': ['process.exit(0)', /g-exit\.mjs:1:9: it ends the program \(process\.exit\(0\)\)$/],
  'h-import': [`import './gone.js'`, /h-import\.mjs:1: cannot find .*gone\.js$/],
  'i-syntax': ['export default {', /i-syntax\.mjs:1: Unexpected/],
};

/** In a process of its own, since the test runner loads modules, and hears of lost errors, in its own way. */
const LOAD = `
  const { loadPlugin } = await import(process.argv[1]);
  const told = [];
  for (const path of process.argv.slice(2)) told.push(await loadPlugin(path).then(() => null, (e) => [e.name, e.message]));
  console.log(JSON.stringify(told));
`;

it('whatever a module does while it is loaded is told in a line that names it', () => {
  const folder = folderWith(
    Object.fromEntries(Object.entries(MODULES).map(([name, [text]]) => [`${name}.mjs`, text])),
  );
  const paths = readdirSync(folder).map((file) => join(folder, file));
  const loader = pathToFileURL(join(PACKAGE_ROOT, 'dist/harness/plan/plugins.js')).href;
  const out = execFileSync(process.execPath, ['--input-type=module', '-e', LOAD, loader, ...paths]);
  const told = JSON.parse(out.toString()) as (readonly [string, string] | null)[];
  expect(told).toEqual(
    Object.entries(MODULES).map(([name, [, reason]]) => {
      const start = `plug-in ${join(folder, `${name}.mjs`)} does not load: `;
      return [
        'UserError',
        typeof reason === 'string'
          ? start + reason
          : expect.toSatisfy(
              (text: string) => text.startsWith(start) && reason.test(text.slice(start.length)),
            ),
      ];
    }),
  );
});

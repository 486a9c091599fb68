import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../harness/cli/package-info.ts';
import { tweedie } from '../cli/run-cli.ts';

/** Commands that only hold others. */
const GROUPS = ['weights'];

const pages = [
  'README.md',
  'ARCHITECTURE.md',
  'CHANGELOG.md',
  'packaging/README.md',
  'datasets/README.md',
  'results/README.md',
  'reports/README.md',
  ...['docs', 'docs/solvers'].flatMap((folder) =>
    readdirSync(join(packageRoot, folder))
      .filter((name) => name.endsWith('.md'))
      .map((name) => `${folder}/${name}`),
  ),
];
const textOf = (page: string) => readFileSync(join(packageRoot, page), 'utf8');

describe.each(pages)('%s', (page) => {
  it('links only to files that exist', () => {
    const text = textOf(page);
    // A picture that is announced in a comment is still to come.
    const pending = (target: string) => new RegExp(`<!-- lead: add ${target}`).test(text);
    const targets = [...text.matchAll(/\]\(([^)#\s]+)[^)]*\)/g)].map(([, target]) => target!);
    const local = targets.filter((target) => !target.includes('://') && !pending(target));
    const missing = local.filter((target) => !existsSync(join(packageRoot, dirname(page), target)));
    expect(missing).toEqual([]);
  });

  it('names only files that exist', () => {
    const named = [
      ...textOf(page).matchAll(
        /`((?:harness|configs|docs|datasets|test)\/[\w./-]*\w\.(?:ts|js|yaml|md|json))`/g,
      ),
    ];
    const missing = named.map(([, path]) => path!).filter((path) => !existsSync(join(packageRoot, path)));
    expect(missing).toEqual([]);
  });

  it('shows only commands and options that exist', async () => {
    const shown = [...textOf(page).matchAll(/npx tweedie ([a-z]+)([^\n`#|>]*)/g)];
    for (const [line, command, rest] of shown) {
      // A group such as `weights` has commands of its own, each with its help.
      const own = /^ ([a-z]+)/.exec(rest!)?.[1];
      const help = await tweedie(command!, ...(GROUPS.includes(command!) && own ? [own] : []), '--help');
      expect(help.stdout, line).toContain(`tweedie ${command}`);
      for (const [option] of rest!.matchAll(/--[a-z-]+/g)) {
        expect(help.stdout, line).toContain(option.replace('--no-', '--'));
      }
    }
  });
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { packageRoot } from '../../harness/cli/package-info.ts';
import { type ParameterInfo, parametersOf } from '../../harness/cli/parameters.ts';
import { registries } from '../../harness/cli/registries.ts';
import { inversions } from '../../harness/solvers/inversions/index.ts';

const INDEX = 'docs/solvers.md';

/** The first table below a heading, without its rule, blanks collapsed. */
function tableBelow(page: string, heading: string): string[] {
  const lines = readFileSync(join(packageRoot, page), 'utf8').split('\n');
  const start = lines.indexOf(heading);
  expect(start, `no heading "${heading}"`).toBeGreaterThanOrEqual(0);
  const first = lines.findIndex((line, i) => i > start && line.startsWith('|'));
  const rest = lines.slice(first);
  const end = rest.findIndex((line) => !line.startsWith('|'));
  return rest
    .slice(0, end)
    .filter((line) => !line.includes('---'))
    .map((line) => line.replace(/ +/g, ' '));
}

function row({ name, type, description, ...rest }: ParameterInfo): string {
  const fallback = 'default' in rest ? `\`${JSON.stringify(rest.default)}\`` : 'required';
  return `| \`${name}\` | ${type.replaceAll(' | ', ' or ')} | ${fallback} | ${description.replaceAll('|', '\\|')} |`;
}

/** Page and heading; edits by an inversion are on its page. */
function placeOf(solver: string): [page: string, heading: string] {
  const inversion = inversions.find(({ name }) => solver === `${name}-edit`);
  return inversion
    ? [`docs/solvers/${inversion.name}.md`, '## As an edit']
    : [`docs/solvers/${solver}.md`, '## Parameters'];
}

it.each([...registries.solvers.values()].map((solver) => [solver.name, solver] as const))(
  'its page lists exactly the parameters of %s',
  (name, { params }) => {
    expect(tableBelow(...placeOf(name))).toEqual([
      '| parameter | type | default | meaning |',
      ...parametersOf(params).map(row),
    ]);
  },
);

it.each([...registries.tasks.values()].map((task) => [task.name, task] as const))(
  'docs/solvers.md lists exactly the parameters of %s',
  (name, { params, baseline }) => {
    const rows = tableBelow(INDEX, '## Tasks').filter((line) => line.startsWith(`| ${name} |`));
    const listed = parametersOf(params).map(
      (parameter) => `| ${name} | ${baseline?.name ?? 'none'} ${row(parameter)}`,
    );
    expect(rows).toEqual(listed);
  },
);

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { packageRoot } from '../../harness/cli/package-info.ts';
import { registries } from '../../harness/cli/registries.ts';
import { SeveralMistakes } from '../../harness/config/mistakes.ts';
import { UserError } from '../../harness/errors.ts';
import { metrics } from '../../harness/metrics/index.ts';
import { wordTokenizer, wordVocabulary } from '../../harness/networks/word-tokenizer.ts';
import { loadPlan } from '../../harness/plan/load.ts';
import type { Registries } from '../../harness/plan/registries.ts';
import type { PriorFacts } from '../../harness/priors/prior-kind.ts';
import { scheduleFromConfig, schedulerConfigSchema } from '../../harness/priors/schedule.ts';
import { fakes, folderWith } from './fakes.ts';

const MUTATIONS = Number(process.env.FUZZ_MUTATIONS ?? 200);
const SEED = Number(process.env.FUZZ_SEED ?? 1);

const ids = Array.from({ length: 200 }, (_, i) => `test/${i}`);
const inspect = async (): Promise<PriorFacts> => ({
  imageShape: [3, 64, 64],
  weightsSha256: 'ab'.repeat(32),
  toy: true,
  schedule: scheduleFromConfig(schedulerConfigSchema.parse({})),
  tokenizer: () => wordTokenizer('vocab.json', wordVocabulary(['face']), 16),
});

/** Solvers and tasks are the real ones; prior and pictures, which take time, are not. */
const known: Registries = {
  ...fakes,
  solvers: registries.solvers,
  tasks: registries.tasks,
  metrics: new Map(metrics.map((metric) => [metric.name, metric])),
  priors: new Map([...registries.priors].map(([name, prior]) => [name, { ...prior, inspect }])),
  datasets: new Map([['toyfaces', { ...fakes.datasets.get('toyfaces')!, ids: async () => ids }]]),
  checkDevice: registries.checkDevice,
  devices: registries.devices,
};

const SHIPPED = readdirSync(join(packageRoot, 'configs'))
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => readFileSync(join(packageRoot, 'configs', name), 'utf8'));

const NASTY = [
  ...['', '~', 'true', '-1', '0', '1e400', '.nan', '-.inf', '9007199254740993', '1e15', '0x7fffffff', '1.5'],
  ...[
    '[]',
    '{}',
    '[[]]',
    '[1, [2]]',
    '{ a: 1 }',
    '[~]',
    '*a',
    '&a',
    '<<',
    '<<: *a',
    '? ',
    '- ',
    '---',
    '...',
  ],
  ...[
    '"\\ud83d"',
    '"\\0"',
    '"\\e[31m"',
    "''",
    '"',
    "'",
    '|',
    '>',
    '!!binary aa',
    '!!set {}',
    '!x',
    '%',
    '@',
    '`',
  ],
  ...[
    '__proto__',
    'constructor',
    'toString',
    'length',
    '../..',
    '/',
    '/dev/null',
    'cpu:0',
    'cuda',
    'cpu:99999999',
  ],
  ...[
    '\t',
    '\u0000',
    '\ufeff',
    '\u202e',
    '\r',
    '\n',
    ': ',
    ', ',
    '#',
    'x-a: &a { steps: 2 }\n',
    'extends: e.yaml\n',
  ],
  ...['x'.repeat(300), '[1, 2]', '[0.5, 0.5]', `[${'1, '.repeat(50)}1]`, 'null', '2001-01-01', '1_000'],
];

/** mulberry32: the same mutations in every run. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

function mutate(text: string, next: () => number): string {
  const pieces = text.split(/([\s[\]{}:,]+)/);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(next() * from.length)]!;
  for (let edits = 1 + Math.floor(next() * 3); edits > 0; edits--) {
    const at = Math.floor(next() * pieces.length);
    const kind = next();
    if (kind < 0.5) pieces[at] = pick(NASTY);
    else if (kind < 0.65) pieces.splice(at, 1);
    else if (kind < 0.8) pieces.splice(at, 0, pick(pieces));
    else if (kind < 0.9) pieces.splice(at, 0, pick(NASTY), ' ');
    else pieces[at] = pick(pieces);
  }
  return pieces.join('');
}

it('every mutation of a shipped experiment is planned, or refused in one line a mistake that says where', async () => {
  const folder = folderWith({});
  const file = join(folder, 'e.yaml');
  const next = random(SEED);
  const outcomes = { planned: 0, refused: 0 };
  for (let i = 0; i < MUTATIONS; i++) {
    const text = mutate(SHIPPED[i % SHIPPED.length]!, next);
    writeFileSync(file, text);
    const error: unknown = await loadPlan(file, known).then(
      () => null,
      (reason: unknown) => reason,
    );
    if (error === null) outcomes.planned++;
    else if (error instanceof UserError) {
      outcomes.refused++;
      for (const one of error instanceof SeveralMistakes ? error.all : [error]) {
        expect.soft(one.message.split('\n'), text).toHaveLength(1);
        expect.soft(one.where, `${one.message}\n${text}`).toBeDefined();
      }
    } else expect.soft(error, text).toBeUndefined();
  }
  expect(outcomes.planned).toBeGreaterThan(0);
  expect(outcomes.refused).toBeGreaterThan(0);
}, 60_000);

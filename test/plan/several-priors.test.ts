import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { summarise } from '../../harness/cli/plan-summary.ts';
import { registries } from '../../harness/cli/registries.ts';
import type { Batch } from '../../harness/identity/refs.ts';
import { loadPlan } from '../../harness/plan/load.ts';
import type { Registries } from '../../harness/plan/registries.ts';
import type { PriorPart } from '../../harness/priors/prior.ts';
import type { PriorKind } from '../../harness/priors/prior-kind.ts';
import { defineSolver } from '../../harness/solvers/solver.ts';
import { fakes, folderWith } from '../config/fakes.ts';

/** A prior of 8x8 pictures that has these parts. */
function kind(name: string, parts: readonly PriorPart[], side = 8): [string, PriorKind] {
  const fake = fakes.priors.get('embedded')!;
  const weightsSha256 = createHash('sha256').update(name).digest('hex');
  const facts = { imageShape: [3, side, side], weightsSha256, toy: true, parts } as const;
  return [name, { ...fake, name, inspect: async () => facts }];
}

const free = defineSolver({
  name: 'free',
  version: 1,
  paper: 'a test',
  requires: {},
  params: z.strictObject({}),
  solve: async ({ y }) => y,
});

const known: Registries = {
  ...registries,
  solvers: new Map([...registries.solvers, ['free', free]]),
  datasets: fakes.datasets,
  metrics: fakes.metrics,
  priors: new Map([
    kind('latent', ['autoencoder', 'text']),
    kind('pixel', ['pixels', 'learnedVariance']),
    kind('large', ['pixels'], 16),
  ]),
};

const BOTH = 'priors: { sd: latent, adm: pixel }';

async function planOf(
  solvers: string,
  priors = BOTH,
  tasks = '[super-resolution]',
  assignments: readonly string[] = [],
) {
  const text = `name: trial
${priors}
data: { set: toyfaces, count: 1 }
tasks: ${tasks}
solvers: ${solvers}
`;
  const file = join(folderWith({ 'e.yaml': text }), 'e.yaml');
  return loadPlan(file, known, assignments).catch((error: Error) => {
    throw new Error(error.message.replace(`${file}:`, ''));
  });
}

/** Its kernel fits 8x8 pictures. */
const BLUR = 'gaussian-deblurring: { kernelSize: 5 }';

const used = ({ method }: Batch) => [method.name, method.prior?.name ?? null];

describe('several priors', () => {
  it('are each used by the solvers that they fit', async () => {
    const { batches, report } = await planOf('[dps, ldps]');
    expect(batches.map(used)).toEqual([
      ['bicubic', null],
      ['ldps', 'latent'],
      ['dps', 'pixel'],
    ]);
    expect(report.priors.map(({ name }) => name)).toEqual(['sd', 'adm']);
  });

  it('come one after the other, so that a worker loads each once', async () => {
    const { batches } = await planOf('[dps, ldps]', BOTH, '[super-resolution, colourisation]');
    const priors = batches.flatMap(({ method }) => method.prior?.name ?? []);
    expect(priors).toEqual(['latent', 'latent', 'pixel', 'pixel']);
  });

  it('of one kind need a name beside the solver', async () => {
    const priors = 'priors: { a: pixel, b: { pixel: { ema: false } }, sd: latent }';
    await expect(planOf('[dps]', priors)).rejects.toThrow(
      '5:11: dps can use the priors a and b: say which, as in { dps: {}, prior: a }',
    );
    await expect(planOf('[{ dps: { steps: [5, 6] } }]', priors)).rejects.toThrow(
      'say which, as in { dps: { steps: [ 5, 6 ] }, prior: a }',
    );
    const { batches } = await planOf('[{ dps: {}, prior: b }]', priors);
    expect(batches.at(-1)!.method.prior).toMatchObject({ name: 'pixel', params: { ema: false } });
  });

  it('in a list give one method with each that fits it', async () => {
    const { batches, skipped, ...rest } = await planOf('[{ ddnm: {}, prior: [sd, adm] }]');
    expect(batches.map(used)).toEqual([
      ['bicubic', null],
      ['ddnm', 'pixel'],
    ]);
    expect(skipped.map(({ reason }) => reason)).toEqual([
      'ddnm requires a prior of the pictures themselves (sd is none)',
    ]);
    expect(summarise({ batches, skipped, ...rest }, new Map(), null)).toContain(
      'skipped: ddnm (sd) on super-resolution: ddnm requires a prior of the pictures themselves (sd is none)',
    );
  });

  it('need no choice by a solver that requires nothing of a prior', async () => {
    const { batches, notes } = await planOf('[free]');
    expect(batches.map(used)).toEqual([
      ['bicubic', null],
      ['free', 'latent'],
    ]);
    expect(notes).toEqual(['free requires nothing of a prior: runs with sd, the first']);
  });

  it.each([
    ['beside prior', 'prior: latent\npriors: { adm: pixel }', '3:9: expected prior or priors, not both'],
    [
      'without one',
      'priors: {}',
      '2:9: priors: expected a name of your own for each prior, as in { mine: embedded }; found an empty mapping',
    ],
    [
      'with nothing behind it',
      'priors:',
      '2:8: priors: expected a name of your own for each prior, as in { mine: embedded }; found nothing',
    ],
    [
      'where the only one is nothing',
      'prior:',
      '2:7: prior: expected its name, or name: { parameters }; found nothing',
    ],
    ['neither', 'seeds: 0', '1:1: missing key "prior": expected a value'],
    [
      'twice under two names',
      'priors: { a: pixel, b: { pixel: {} } }',
      '2:21: prior "b" is the same as "a": expected other weights or parameters',
    ],
    ['under a number', 'priors: { 1: pixel }', '2:11: a key must be text, found 1; write "1"'],
    ['without a name', "priors: { '': pixel }", '2:11: priors: expected a name of your own for each prior'],
    ['with a blank name', "priors: { ' ': pixel }", 'found the name " "'],
    ['with a name of control characters', 'priors: { "\\e": pixel }', 'found the name "\\u001b"'],
    [
      'of pictures of several sizes',
      'priors: { adm: pixel, sr: large }',
      '2:27: prior sr makes pictures [3,16,16], adm [3,8,8]: expected one size in an experiment',
    ],
  ])('are refused %s', async (_, priors, message) => {
    await expect(planOf('[ldps]', priors)).rejects.toThrow(message);
  });

  it.each([
    [
      'a name that none has',
      '[{ dps: {}, prior: admm }]',
      `unknown prior among this experiment's "admm": did you mean "adm"?`,
    ],
    [
      'a number that is a name in quotes',
      '[{ dps: {}, prior: 1 }]',
      `5:29: prior: expected the name of one of this experiment's; found 1; write "1"`,
      "priors: { '1': pixel }",
    ],
    [
      'no name',
      '[{ dps: {}, prior: { adm: {} } }]',
      "prior: expected the name of one of this experiment's; found a mapping",
    ],
  ])('are refused beside a solver by %s', async (_, solvers, message, priors = BOTH) => {
    await expect(planOf(solvers, priors)).rejects.toThrow(message);
  });

  it('and prior are refused where the one is laid over the other', async () => {
    const message = '--set:1:1: expected prior or priors, not both';
    await expect(planOf('[dps]', BOTH, '[super-resolution]', ['prior=pixel'])).rejects.toThrow(message);
    await expect(planOf('[dps]', 'prior: pixel', '[super-resolution]', ['priors.a=pixel'])).rejects.toThrow(
      message,
    );
  });

  it('stand beside solvers, as overrides do beside tasks', async () => {
    await expect(planOf('[dps]', BOTH, '[{ super-resolution: {}, prior: adm }]')).rejects.toThrow(
      "4:33: prior stands beside a solver's name, not a task's",
    );
    await expect(planOf('[{ dps: {}, override: {} }]')).rejects.toThrow(
      "5:22: override stands beside a task's name, not a solver's",
    );
  });
});

describe('what does not fit', () => {
  it('is skipped on the task that it does not fit, with the reason', async () => {
    const plan = await planOf('[ddnm]', 'prior: pixel', `[super-resolution, ${BLUR}]`);
    expect(plan.batches.map(({ setting, method }) => `${method.name} ${setting.task}`)).toEqual([
      'bicubic super-resolution',
      'ddnm super-resolution',
      'measurement gaussian-deblurring',
    ]);
    expect(plan.skipped.map(({ method, setting, reason }) => [method.name, setting.task, reason])).toEqual([
      [
        'ddnm',
        'gaussian-deblurring',
        'ddnm requires an operator with a pseudo-inverse; that of gaussian-deblurring has none',
      ],
    ]);
  });

  it.each([
    [
      'the prior beside it',
      '[{ dps: {}, prior: sd }]',
      BOTH,
      '[super-resolution]',
      '5:29: dps requires a prior of the pictures themselves and a prior with learned variance (sd is none)',
    ],
    ['no task', '[ldps, ddnm]', BOTH, `[${BLUR}]`, '5:17: ddnm requires an operator with a pseudo-inverse'],
    [
      'no prior',
      '[ldps, dps]',
      'prior: latent',
      '[super-resolution]',
      '5:17: dps requires a prior of the pictures',
    ],
  ])(
    'and with %s of the experiment is refused with its place',
    async (_, solvers, priors, tasks, message) => {
      await expect(planOf(solvers, priors, tasks)).rejects.toThrow(message);
    },
  );
});

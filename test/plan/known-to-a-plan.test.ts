import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { registries } from '../../harness/cli/registries.ts';
import { openClipTokenizer } from '../../harness/networks/clip-tokenizer-files.ts';
import { wordTokenizer, wordVocabulary } from '../../harness/networks/word-tokenizer.ts';
import { loadPlan } from '../../harness/plan/load.ts';
import type { Registries } from '../../harness/plan/registries.ts';
import type { PriorFacts, PriorKind } from '../../harness/priors/prior-kind.ts';
import { scheduleFromConfig, schedulerConfigSchema } from '../../harness/priors/schedule.ts';
import { fakes, folderWith } from '../config/fakes.ts';
import { writeTinyClipTokenizer } from '../support/tiny-clip-tokenizer.ts';

const words = wordTokenizer('vocab.json', wordVocabulary(['a', 'face']), 5);

/** A plan with the real solvers and devices on a prior of which these facts are known. */
async function planned(
  text: string,
  facts: Partial<PriorFacts> = {},
  prior: Partial<PriorKind> = {},
  others: Partial<Registries> = {},
) {
  const inspect = async (): Promise<PriorFacts> => ({
    imageShape: [3, 8, 8],
    weightsSha256: 'ab'.repeat(32),
    toy: true,
    ...facts,
  });
  const embedded = { ...fakes.priors.get('embedded')!, inspect, ...prior };
  const known: Registries = {
    ...fakes,
    solvers: registries.solvers,
    devices: registries.devices,
    checkDevice: registries.checkDevice,
    priors: new Map([['embedded', embedded]]),
    ...others,
  };
  const file = join(folderWith({ 'e.yaml': text }), 'e.yaml');
  return loadPlan(file, known).catch((error: Error) => {
    throw new Error(`${error.name} ${error.message.replace(`${file}:`, '')}`);
  });
}

const experiment = (solver: string, more = '', name = 'trial') => `name: ${name}
prior: embedded
data: { set: toyfaces, count: 1 }
tasks: [super-resolution]
solvers: [${solver}]
${more}`;

describe('a plan refuses', () => {
  const schedule = scheduleFromConfig(schedulerConfigSchema.parse({}));

  it('a kernel of another size than that of the network which the prior has for kernels', async () => {
    const blind = `name: trial
prior: embedded
data: { set: toyfaces, count: 1 }
tasks: [blind-motion-deblurring: { kernelSize: 5 }]
solvers: [blind-dps]
metrics: [psnr]
`;
    const known = { tasks: registries.tasks, metrics: registries.metrics };
    await expect(planned(blind, { unknowns: { kernel: [1, 7, 7] } }, {}, known)).rejects.toThrow(
      'UserError 4:48: blind-motion-deblurring looks for a kernel of 5x5; the network of prior embedded is of 7x7',
    );
    for (const unknowns of [{ kernel: [1, 5, 5] }, { tilt: [2, 9, 9] }, {}])
      expect((await planned(blind, { unknowns }, {}, known)).batches.length).toBeGreaterThan(0);
  });

  it('more steps than the schedule has, also those of one value of a sweep and of an override', async () => {
    const range = 'found 1001; expected a whole number from 1 to 1000';
    await expect(planned(experiment('ldps: { steps: 1001 }'), { schedule })).rejects.toThrow(
      `UserError 5:26: ldps.steps: ${range}`,
    );
    await expect(planned(experiment('p2l: { steps: [10, 1001] }'), { schedule })).rejects.toThrow(
      `UserError 5:30: p2l.steps: ${range}`,
    );
    const tuned = experiment('ldps').replace(
      '[super-resolution]',
      '[{ super-resolution: {}, override: { ldps: { steps: 1001 } } }]',
    );
    await expect(planned(tuned, { schedule })).rejects.toThrow(`UserError 4:60: ldps.steps: ${range}`);
  });

  it('steps that start behind the end of the schedule', async () => {
    const shifted = { ...schedule, stepsOffset: 30 };
    await expect(planned(experiment('ldps: { steps: 30 }'), { schedule: shifted })).resolves.toBeDefined();
    const late = { ...schedule, stepsOffset: 50 };
    await expect(planned(experiment('ldps: { steps: 30 }'), { schedule: late })).rejects.toThrow(
      'UserError 5:26: ldps.steps: 30 steps with steps_offset 50 start at t = 1007; the schedule ends at 999',
    );
  });

  it('the default number of steps on a shorter schedule', async () => {
    const short = scheduleFromConfig(schedulerConfigSchema.parse({ num_train_timesteps: 100 }));
    await expect(planned(experiment('ldps'), { schedule: short })).rejects.toThrow(
      'UserError 5:11: ldps.steps: found 1000; expected a whole number from 1 to 100',
    );
  });

  it('more steps than a prior of pictures was trained with', async () => {
    const pixels = { parts: ['pixels', 'learnedVariance'], schedule } as const;
    await expect(planned(experiment('dps: { steps: 2000 }'), pixels)).rejects.toThrow(
      'UserError 5:25: dps.steps: found 2000; expected a whole number from 1 to 1000',
    );
  });

  it.each([
    [
      'cpu:0',
      'UserError 6:11: unknown device "cpu:0": expected cpu[:threads] or cuda:N or tensorrt:N or webgpu or tensorflow:N or wasm; did you mean "cpu"?',
    ],
    ['cuda', 'UserError 6:11: unknown device "cuda": expected cpu[:threads] or cuda:N'],
    ['cpu:-1', 'UserError 6:11: unknown device "cpu:-1": expected cpu[:threads] or cuda:N'],
    ['cpu:2:3', 'UserError 6:11: unknown device "cpu:2:3": expected cpu[:threads] or cuda:N'],
    ['constructor', 'UserError 6:11: unknown device "constructor": expected one of cpu, cuda,'],
    ['cpu:9999', 'UserError 6:11: device cpu:9999: expected a number of at most 1024'],
  ])('the device %s', async (device, message) => {
    await expect(planned(experiment('ldps', `devices: [${device}]`))).rejects.toThrow(message);
  });

  it('a precision that the device has not', async () => {
    await expect(planned(experiment('ldps', 'devices: cpu\nprecision: float16'))).rejects.toThrow(
      'UserError 6:10: device cpu computes in float32, not in float16; float16 is for cuda:N, tensorrt:N, webgpu',
    );
  });

  it('more workers than any machine has cores', async () => {
    await expect(planned(experiment('ldps', 'workers: 1000000'))).rejects.toThrow(
      'UserError 6:10: workers: expected at most 1024, found 1000000',
    );
  });

  const rule =
    'name: expected a name of letters, digits, ".", "_" and "-" that starts with a letter or digit and does not end in "."';
  it.each([
    ['x'.repeat(300), `name: expected at most 100 characters, found "${'x'.repeat(80)}..."`],
    ['a/b', `${rule}, found "a/b"`],
    ['..', `${rule}, found ".."`],
    ['trial.', `${rule}, found "trial."`],
    ['"a b"', `${rule}, found "a b"`],
    ['"a\\nb"', `${rule}, found "a\\nb"`],
    ['\u{1f600}', `${rule}, found "\u{1f600}"`],
    ['NUL', 'name: no file may have this name on Windows; choose another one'],
    ['com1.x', 'name: no file may have this name on Windows; choose another one'],
  ])('the name %s', async (name, message) => {
    await expect(planned(experiment('ldps', '', name))).rejects.toThrow(`UserError 1:7: ${message}`);
  });

  it('a prompt with a word that the prior does not know', async () => {
    await expect(
      planned(experiment('p2l: { promptInit: a faec }'), { tokenizer: () => words }),
    ).rejects.toThrow(
      `UserError 5:30: p2l.promptInit: prompt "a faec": the prior does not know 'faec'; the nearest word is 'face'`,
    );
  });

  it('a prompt, and guidance by prompts, for a prior that takes none', async () => {
    const parts = ['autoencoder'] as const;
    await expect(planned(experiment('psld: { prompt: ["", a face] }'), { parts })).rejects.toThrow(
      'UserError 5:32: psld.prompt: found "a face"; embedded takes no prompts: expected ""',
    );
    await expect(planned(experiment('psld: { prompt: { from: caption } }'), { parts })).rejects.toThrow(
      'psld.prompt: found each picture\'s caption; embedded takes no prompts: expected ""',
    );
    await expect(planned(experiment('latent-daps: { cfgScale: 2 }'), { parts })).rejects.toThrow(
      'UserError 5:36: latent-daps.cfgScale: found 2; embedded takes no prompts to guide by: expected 1',
    );
    const text = experiment('psld: { prompt: a face, cfgScale: 2 }');
    await expect(planned(text, { parts: [...parts, 'text'] })).resolves.toHaveProperty('batches');
  });

  it('a start beyond the schedule, and levels that do not fall', async () => {
    await expect(planned(experiment('diffpir: { startTime: 1000 }'), { schedule })).rejects.toThrow(
      'UserError 5:33: diffpir.startTime: found 1000; expected at most 999',
    );
    await expect(planned(experiment('daps: { sigmaMax: 1, sigmaMin: 2 }'))).rejects.toThrow(
      'daps.sigmaMin: expected odeSigmaMin <= sigmaMin < sigmaMax',
    );
  });

  it('a prior whose files break the code that reads them', async () => {
    const inspect = () => Promise.reject(new RangeError('16 / 3 is no whole number'));
    await expect(planned(experiment('ldps'), {}, { inspect })).rejects.toThrow(
      'UserError 2:8: prior embedded cannot be read: 16 / 3 is no whole number',
    );
  });
});

it('a plan says once which part of a prompt is not read', async () => {
  const clip = openClipTokenizer(writeTinyClipTokenizer());
  const text = experiment(
    'p2l: { promptInit: ["", cat, the cat, cat cat cat cat cat cat THE café], steps: [2, 3] }',
  );
  expect((await planned(text, { tokenizer: () => clip })).notes).toEqual([
    'p2l.promptInit is longer than the 8 tokens of the prior\'s texts; not read: "the café"',
  ]);
});

import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../harness/errors.ts';
import { PACKAGE_ROOT } from '../../harness/package-root.ts';
import { readTrainingConfig } from '../../harness/training/config.ts';

const GOOD = `# a comment
kind: autoencoder
model: prior
batch: 8
steps: 100
learningRate: 0.001
`;

function folderWith(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'tweedie-training-'));
  mkdirSync(join(folder, 'prior/vae'), { recursive: true });
  writeFileSync(join(folder, 'prior/vae/config.json'), '{}');
  writeFileSync(join(folder, 't.yaml'), text);
  return folder;
}

function complaint(text: string, file = 't.yaml'): string {
  const folder = folderWith(text);
  try {
    readTrainingConfig(join(folder, file));
  } catch (error) {
    expect(error).toBeInstanceOf(UserError);
    return (error as UserError).message.replaceAll(`${folder}/`, '');
  }
  return expect.fail('the mistake was accepted');
}

it('fills in defaults and finds the model beside the file', () => {
  const folder = folderWith(GOOD);
  const { config, start } = readTrainingConfig(join(folder, 't.yaml'));
  expect(start).toBeNull();
  expect(config).toEqual({
    kind: 'autoencoder',
    model: join(folder, 'prior'),
    data: 'toyfaces',
    seed: 0,
    batch: 8,
    steps: 100,
    learningRate: 0.001,
    warmup: 200,
    ema: 0.999,
    checkpointEvery: 500,
    logEvery: 20,
    klWeight: 1e-5,
  });
});

it('finds the weights to start from beside the file, and remembers the line', () => {
  const folder = folderWith(`${GOOD}from: prior\n`);
  const file = join(folder, 't.yaml');
  expect(readTrainingConfig(file).start).toEqual({
    path: join(folder, 'prior'),
    where: { file, line: 7, column: 7 },
  });
});

it.each([
  ['autoencoder', 'autoencoder'],
  ['autoencoder-more', 'autoencoder'],
  ['latent-diffusion', 'latent-diffusion'],
  ['features', 'features'],
  ['pixel-diffusion', 'pixel-diffusion'],
])('reads the shipped config %s', (name, kind) => {
  expect(readTrainingConfig(join(PACKAGE_ROOT, 'configs/train', `${name}.yaml`)).config.kind).toBe(kind);
});

describe('a mistake in a training config gives one line with file, line and column', () => {
  it.each([
    ['wrong key', 'steps:', 'stepz:', 't.yaml:5:1: unknown key "stepz": did you mean "steps"?'],
    [
      'key of the other kind',
      'batch: 8',
      'batch: 8\ncaptionDropout: 0.1',
      /^t\.yaml:5:1: unknown key "captionDropout"/,
    ],
    ['wrong type', '100', 'many', 't.yaml:5:8: steps: expected a whole number, found "many"'],
    ['out of range', '8', '0', 't.yaml:4:8: batch: expected more than 0, found 0'],
    ['missing key', 'batch: 8\n', '', 't.yaml:2:1: missing key "batch": expected a whole number'],
    [
      'no kind',
      'kind: autoencoder\n',
      '',
      't.yaml:2:1: missing key "kind": expected one of autoencoder, decoder, latent-diffusion, features, pixel-diffusion, text-pixel, clip, noised-clip, clip-image',
    ],
    [
      'unknown kind',
      'autoencoder',
      'autoencodr',
      't.yaml:2:7: kind: unknown value "autoencodr", did you mean "autoencoder"?',
    ],
    [
      'model elsewhere',
      'prior',
      'priors',
      /^t\.yaml:3:8: model: .*priors has no vae\/config\.json; expected a folder/,
    ],
    [
      'start elsewhere',
      'batch: 8',
      'from: none\nbatch: 8',
      't.yaml:4:7: from: there is no file or folder none',
    ],
    ['broken YAML', 'batch: 8', 'batch: [8', /^t\.yaml:\d+:\d+: broken YAML/],
    ['a list', GOOD, '- kind: autoencoder', 't.yaml:1:1: expected a training config, found a list'],
  ])('%s', (_, from, to, message) => {
    expect(GOOD).toContain(from);
    expect(complaint(GOOD.replace(from, to))).toEqual(
      message instanceof RegExp ? expect.stringMatching(message) : message,
    );
  });

  it('missing file', () => {
    expect(complaint(GOOD, 'u.yaml')).toMatch(/^u\.yaml: no such file; did you mean "t\.yaml"\?/);
  });
});

/** report.published of an experiment: what it may name, and what is refused before anything runs. */
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { registries } from '../../harness/cli/registries.ts';
import { readConfig } from '../../harness/config/read.ts';
import { readExperiment } from '../../harness/plan/experiment.ts';
import { folderWith } from '../config/fakes.ts';

const PAPER = `paper: { title: Mine, label: Mine, arxiv: unknown, venue: unknown }
firstHand: true
sources: [my notes]
methods: { DPS: { solver: dps } }
metrics: { PSNR: { metric: psnr } }
tables:
  - { table: T, dataset: ffhq, datasetAsPrinted: FFHQ, resolution: 256, task: denoising, taskAsPrinted: D, metrics: [PSNR], figures: { DPS: [1] } }
`;

function experiment(published: string, files: Record<string, string> = {}) {
  const text = `name: e
prior: embedded
data: { set: toyfaces, count: 1 }
tasks: [denoising]
solvers: [ldps]
report: { published: ${published} }
`;
  const folder = folderWith({ 'e.yaml': text, ...files });
  const read = () => readExperiment(readConfig(join(folder, 'e.yaml')).root, registries);
  return { folder, read };
}

it('papers that ship go by their ids, files of one’s own by their absolute paths', () => {
  const { folder, read } = experiment('[dps-2023, ./mine.yaml]', { 'mine.yaml': PAPER });
  expect(read().report.published).toEqual(['dps-2023', join(folder, 'mine.yaml')]);
});

it('none is named where none is asked for', () => {
  expect(experiment('[]').read().report.published).toEqual([]);
});

it('an unknown id is refused where it stands, with the nearest', () => {
  const { folder, read } = experiment('[dps-2023, p2l-2042]');
  expect(read).toThrow(`${join(folder, 'e.yaml')}:6:33: unknown paper "p2l-2042": did you mean "p2l-2024"?`);
});

it('a mistake in a file of one’s own is refused where it stands in that file', () => {
  const { folder, read } = experiment('[mine.yaml]', {
    'mine.yaml': PAPER.replace('task: denoising', 'task: denoisng'),
  });
  expect(read).toThrow(
    `${join(folder, 'mine.yaml')}:7:79: unknown task "denoisng": did you mean "denoising"?`,
  );
});

it('a file that is not there is named, where the experiment names it', () => {
  const { folder, read } = experiment('[mine.yaml]');
  expect(read).toThrow(`${join(folder, 'e.yaml')}:6:23: ${join(folder, 'mine.yaml')}: no such file`);
});

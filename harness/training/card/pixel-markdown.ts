import { formatCount, formatFixed } from '../../report/numbers.ts';
import type { FrechetValue, PixelCard } from './pixel-card.ts';
import { making, plusMinus, table, training } from './sections.ts';

/** Name of the picture that stands beside the card. */
export const PIXEL_GRID = 'samples.png';

/** The model card of a pixel prior as GitHub-flavoured Markdown. */
export function renderPixelCard(card: PixelCard): string {
  return `${[
    '# A toy pixel prior of toyfaces',
    `*Written by \`npx tweedie card --prior-folder <this folder>\`; every number below is measured or read by that command. ${making(card)}*`,
    'An unconditional diffusion model of 64x64 portraits painted by a program ([toyfaces](../../../datasets/toyfaces/README.md)), with learned variance: a **toy**, small enough to train and run on a laptop. Comparisons made with it say how methods behave on it, not how they rank on photographs. MIT, like the rest of the repository; no photograph and no person took part.',
    architecture(card),
    '## Loss on held-out pictures',
    loss(card),
    '## Samples',
    samples(card),
    '## Training',
    ...training(card.training),
  ].join('\n\n')}\n`;
}

function architecture({ network, parameters, weightsSha256 }: PixelCard): string {
  const { model_channels: width, channel_mult, num_res_blocks, attention_resolutions, norm_groups } = network;
  const channels = channel_mult.map((factor) => Math.trunc(factor * width)).join(', ');
  const sides = attention_resolutions.map((factor) => network.image_size / factor).join(' and ');
  return [
    '## Architecture',
    `U-Net of guided-diffusion, ${formatCount(parameters)} parameters: channels ${channels}, ${num_res_blocks} residual block(s) a level, attention at side ${sides}, ${norm_groups} groups in each normalisation. Betas linear from 0.0001 to 0.02 over 1,000 steps.`,
    `sha256 over config and weights: \`${weightsSha256}\`.`,
  ].join('\n\n');
}

function loss({ terms }: PixelCard): string {
  const rows = terms.map(({ t, error, bits }) => [String(t), plusMinus(error, 4), plusMinus(bits, 5)]);
  return [
    `${terms[0]?.error.images ?? 0} pictures of the validation split at training time t: mean squared error of the noise, and that time's term of the variational bound; at t = 0 the negative log-likelihood of the bytes.`,
    table(['t', 'error', 'bits a value'], rows),
  ].join('\n\n');
}

function samples({ samples: { count, steps }, frechet }: PixelCard): string {
  const row = (name: string, { value, standardError }: FrechetValue): string[] => [
    name,
    String(frechet.count),
    formatFixed(value, 2),
    standardError === null ? '' : formatFixed(standardError, 2),
  ];
  return [
    `![a grid of samples](${PIXEL_GRID})`,
    `The first of ${count} ancestral samples, ${steps} evenly spaced steps, x0 kept within [-1, 1]. Nothing was picked.`,
    table(
      ['FID-toy against the validation split', 'pictures', 'value', 'standard error'],
      [row('samples', frechet.samples), row('test split, real pictures', frechet.test)],
    ),
    'FID-toy is comparable with no other FID, and with itself at equal numbers of pictures only.',
  ].join('\n\n');
}

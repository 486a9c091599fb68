import { formatCount, formatFixed } from '../../report/numbers.ts';
import { PIXEL_GRID } from './pixel-markdown.ts';
import { interval, making, plusMinus, table, training } from './sections.ts';
import type { SampleRow, TextPixelCard } from './text-pixel-card.ts';

/** The model card of a text-conditioned pixel prior as GitHub-flavoured Markdown. */
export function renderTextPixelCard(card: TextPixelCard): string {
  const side = card.imageShape[1]!;
  return `${[
    '# A toy text-conditioned pixel prior of toyfaces',
    `*Written by \`npx tweedie card --prior-folder <this folder>\`; every number below is measured or read by that command. ${making(card)}*`,
    `A diffusion model of ${side}x${side} portraits painted by a program ([toyfaces](../../../datasets/toyfaces/README.md)) and their captions: a **toy**, made for trying guidance and thresholding on pixels. It says how methods behave on it, not how they rank on photographs. MIT, like the rest of the repository; no photograph and no person took part.`,
    '## Architecture',
    architecture(card),
    '## Do prompts act?',
    noise(card),
    '## Samples',
    samples(card),
    '## Training',
    ...training(card.training),
  ].join('\n\n')}\n`;
}

function architecture({ networks, scheduler, weightsSha256 }: TextPixelCard): string {
  const rows = networks.map(({ folder, parameters, description }) => [
    `\`${folder}\``,
    formatCount(parameters),
    description,
  ]);
  const { beta_schedule, num_train_timesteps, prediction_type, timestep_spacing } = scheduler;
  return [
    table(['part', 'parameters', 'network'], rows, [0, 2]),
    `Noise schedule, in diffusers' words: \`beta_schedule\` ${beta_schedule}, \`num_train_timesteps\` ${num_train_timesteps}, \`prediction_type\` ${prediction_type}, \`timestep_spacing\` ${timestep_spacing}.`,
    `sha256 over all configs and weights: \`${weightsSha256}\`.`,
  ].join('\n\n');
}

function noise({ noise }: TextPixelCard): string {
  const difference = (d: { mean: number; low: number; high: number }): string =>
    `${d.mean >= 0 ? '+' : '−'}${formatFixed(Math.abs(d.mean), 4)} ${interval(d, 4)}`;
  const rows = noise.map(({ t, own, shuffled, empty }) => [
    String(t),
    plusMinus(own, 4),
    difference(shuffled),
    difference(empty),
  ]);
  return [
    `Mean squared error of the noise in ${noise[0]?.own.images ?? 0} pictures of the validation split at training time t: with the picture's own caption, and how much worse it is with another picture's caption or with none, with 95 % intervals.`,
    table(['t', 'own caption', "another's caption", 'empty prompt'], rows),
  ].join('\n\n');
}

function samples({ samples: { count, steps }, rows }: TextPixelCard): string {
  const named = ({ guidance }: SampleRow): string =>
    guidance === null ? 'real pictures' : `guidance ${guidance}`;
  const percent = (share: number): string => `${formatFixed(100 * share, 1)} %`;
  const traits = Object.keys(rows[0]!.traits);
  return [
    `![a grid of samples](${PIXEL_GRID})`,
    `DDIM, ${steps} steps, eta 0, classifier-free guidance \`empty + w (prompt - empty)\`, no thresholding; shown with w = 2. The prompts are ${count} captions of the test split's stream, whose own pictures are the row of real ones. Nothing was picked.`,
    'Agreement is the share of a caption\'s twelve statements that the [trait network](../../metrics/toy-features/README.md) sees in the picture, shown to it with each pixel four times, since it knows 64 pixels a side; "exchanged": with the captions exchanged among the pictures, which is what chance gives. FID-toy is against as many pictures of the validation split\'s stream.',
    table(
      ['pictures', 'agreement', 'exchanged', 'FID-toy', 'standard error'],
      rows.map((row) => [
        named(row),
        percent(row.agreement.mean),
        percent(row.another.mean),
        formatFixed(row.frechet.value, 2),
        row.frechet.standardError === null ? '' : formatFixed(row.frechet.standardError, 2),
      ]),
    ),
    table(
      ['trait', ...rows.map(named)],
      traits.map((trait) => [trait, ...rows.map((row) => percent(row.traits[trait]!))]),
    ),
  ].join('\n\n');
}

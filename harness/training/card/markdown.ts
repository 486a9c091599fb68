import type { Difference, Estimate } from '../../metrics/statistics.ts';
import { formatCount, formatFixed, formatInterval, formatSigned } from '../../report/numbers.ts';
import type { AgreementRow, Card, NoiseError } from './card.ts';
import { interval, making, plusMinus, table, training } from './sections.ts';
import { intended, limits } from './wording.ts';

/** Names of the pictures that stand beside the card. */
export const PICTURES = { strip: 'reconstructions.png', grid: 'samples.png' } as const;

/** The model card as GitHub-flavoured Markdown. */
export function renderCard(card: Card): string {
  return `${[
    '# Embedded prior: a toy latent diffusion model of toyfaces',
    `*Written by \`npx tweedie card\`; every number below is measured or read by that command. ${making(card)}*`,
    intended,
    architecture(card),
    '## Autoencoder',
    autoencoder(card),
    '## Samples',
    samples(card),
    '## Do prompts act?',
    noise(card),
    agreement(card),
    oracle(card),
    '## Training',
    ...training(card.training),
    limits,
  ].join('\n\n')}\n`;
}

function architecture({ networks, imageShape, latentShape, scheduler, weightsSha256 }: Card): string {
  const total = networks.reduce((sum, { parameters }) => sum + parameters, 0);
  const rows = networks.map(({ folder, parameters, description }) => [
    `\`${folder}\``,
    formatCount(parameters),
    description,
  ]);
  const settings = Object.entries(scheduler)
    .filter(([, value]) => value !== null)
    .map(([key, value]) => `\`${key}\` ${value}`);
  return [
    '## Architecture',
    `Pictures ${imageShape.join(' x ')} in [-1, 1], latents ${latentShape.join(' x ')}; the layout and the parameter names are diffusers'.`,
    table(['part', 'parameters', 'network'], [...rows, ['in all', formatCount(total), '']], [0, 2]),
    `Noise schedule, in diffusers' words (DDIMScheduler): ${settings.join(', ')}.`,
    `sha256 over all configs and weights: \`${weightsSha256}\`.`,
  ].join('\n\n');
}

function autoencoder({ autoencoder: scores }: Card): string {
  const rows = scores.map(({ split, images, ...psnr }) => [
    split,
    String(images),
    `${plusMinus(psnr, 2)} dB`,
    interval(psnr, 2),
  ]);
  return [
    'PSNR of pictures that training never saw, encoded (mean of the posterior) and decoded, clipped to [-1, 1] and not rounded; mean over pictures.',
    table(['split', 'pictures', 'PSNR', '95 % interval'], rows),
    `![originals above their reconstructions](${PICTURES.strip})`,
    'Test pictures above their reconstructions.',
  ].join('\n\n');
}

function samples({ samples: { shown, steps, guidance, count, captionsSeen } }: Card): string {
  const list = shown.map((caption, i) => `${i + 1}. ${caption}`).join('\n');
  return [
    `![a grid of samples](${PICTURES.grid})`,
    `DDIM, ${steps} steps, eta 0, classifier-free guidance \`eps_empty + ${guidance} (eps_prompt - eps_empty)\`. The prompts are captions of test pictures; ${captionsSeen} of the ${count} used here also occur in the training split. Nothing was picked.`,
    `<details><summary>The prompts, row by row</summary>\n\n${list}\n\n</details>`,
  ].join('\n\n');
}

function noise({ noise: errors }: Card): string {
  const rows = errors.map(({ t, own, shuffled, empty }) => [
    String(t),
    plusMinus(own, 4),
    `${signed(shuffled, 4)}${mark(shuffled)}`,
    `${signed(empty, 4)}${mark(empty)}`,
  ]);
  return [
    "**Noise prediction.** Mean squared error on the latents of held-out validation pictures at training time t: with the picture's own caption, and how much worse it is with another picture's caption or with none. All three see the same noise; differences are taken picture by picture, with their 95 % interval.",
    table(['t', 'own caption', "another's caption", 'empty prompt'], rows),
    `\\* the interval lies above 0. ${verdict(errors)}`,
  ].join('\n\n');
}

/** Says what the numbers say, whichever way they fall. */
function verdict(errors: readonly NoiseError[]): string {
  const better = errors.filter(({ shuffled }) => shuffled.low > 0).length;
  return `A picture's own caption predicts its noise better than another's at ${better} of ${errors.length} times.`;
}

function agreement({ agreement: { rows, overall, learntFrom }, samples: { count } }: Card): string {
  const cells = (
    { trait, classes, real, own, unguided, shuffled, gain }: AgreementRow,
    name = trait,
  ): string[] => [
    name,
    String(classes),
    percent(real),
    percent(own),
    percent(unguided),
    percent(shuffled),
    `${formatSigned(100 * gain.mean, 0)} ${formatInterval(100 * gain.low, 100 * gain.high, 0, formatSigned)}${mark(gain)}`,
  ];
  const idle = rows.filter(({ gain }) => !(gain.low > 0)).map(({ trait }) => trait);
  return [
    `**What the pictures show.** Linear softmax classifiers on 2x2-pooled pixels learn from ${formatCount(learntFrom)} real training pictures to tell what a caption states. Each column says how often they find it, in ${count} pictures:`,
    [
      '- real pictures: test pictures with their captions, what can be expected of samples that look like them;',
      '- own prompt: the guided samples above with the prompts that they were made for;',
      '- no guidance: the same for samples made without guidance, which is how the solvers use the prior;',
      "- another's prompt: the guided samples with their prompts exchanged among them, which is what chance gives.",
    ].join('\n'),
    table(
      [
        'stated',
        'classes',
        'real pictures',
        'own prompt',
        'no guidance',
        "another's prompt",
        "own − another's, points [95 % interval]",
      ],
      [...rows.map((row) => cells(row)), cells(overall, '**mean**')],
    ),
    `\\* the interval lies above 0: ${rows.length - idle.length} of ${rows.length} traits follow the prompt.${idle.length > 0 ? ` Not shown to follow it: ${idle.join(', ')}.` : ''}`,
  ].join('\n\n');
}

function oracle({ oracle: gaps }: Card): string {
  const rows = gaps.map(({ task, empty, own, another }) => [
    task,
    `${plusMinus(empty, 2)} dB`,
    `${signed(own, 2)}${mark(own)}`,
    `${signed(another, 2)}${mark(another)}`,
  ]);
  return [
    `**What a caption is worth to a solver.** PSNR of LDPS, which tunes no prompt, on ${gaps[0]!.empty.images} validation pictures of the demo's tasks: with the empty prompt, and how much more it is with each picture's own caption (*oracle caption*: told what no solver knows, so a bound for what prompt tuning could find by words) or with another picture's; differences picture by picture.`,
    table(['task', 'empty prompt', 'oracle caption', "another's caption"], rows),
    '\\* the interval lies above 0.',
  ].join('\n\n');
}

function signed({ mean, low, high }: Difference, digits: number): string {
  return `${formatSigned(mean, digits)} ${formatInterval(low, high, digits, formatSigned)}`;
}

function mark({ low }: Difference): string {
  return low > 0 ? '\\*' : '';
}

function percent({ mean }: Estimate): string {
  return `${formatFixed(100 * mean, 0)} %`;
}

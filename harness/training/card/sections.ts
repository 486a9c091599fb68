/** What the cards of all priors say in the same words. */
import type { Estimate } from '../../metrics/statistics.ts';
import { formatCount, formatFixed, formatHalfWidth, formatInterval } from '../../report/numbers.ts';
import type { Card, TrainingFacts } from './card.ts';

/** Where, when and with what a card was made. */
export function making({ made, seed }: Pick<Card, 'made' | 'seed'>): string {
  const git = made.git
    ? `commit ${made.git.commit.slice(0, 12)}${made.git.dirty ? ' with local changes' : ''}`
    : 'no checkout';
  const versions = Object.entries(made.versions).map(([name, version]) => `${name} ${version}`);
  return (
    `${made.date}, ${git}, ${made.cores} x ${made.cpu}, device \`${made.device}\`, seed ${seed}, ` +
    `${Math.round(made.seconds)} s; ${versions.join(', ')}.`
  );
}

export function training(runs: readonly TrainingFacts[]): string[] {
  if (runs.length === 0) return ['There are no training logs beside these weights.'];
  return runs.map(({ name, steps, seconds, loss, config, chart }) =>
    [
      `### ${name}`,
      `${formatCount(steps)} steps in ${duration(seconds)} by its log ([${name}.jsonl](training/${name}.jsonl)), last loss ${Number(loss.toPrecision(3))}.`,
      `![loss curve of ${name}](${chart})`,
      ...(config === null ? [] : [`\`\`\`yaml\n${config}\n\`\`\``]),
    ].join('\n\n'),
  );
}

/** Columns of numbers are flush right, those of text flush left. */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  text: readonly number[] = [0],
): string {
  const rule = head.map((_, i) => (text.includes(i) ? ':--' : '--:'));
  return [head, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

export function plusMinus(estimate: Estimate | Omit<Estimate, 'images'>, digits: number): string {
  return `${formatFixed(estimate.mean, digits)}${formatHalfWidth(estimate, digits)}`;
}

export function interval({ low, high }: { low: number; high: number }, digits: number): string {
  return formatInterval(low, high, digits);
}

function duration(seconds: number): string {
  const minutes = Math.round(seconds / 60);
  return minutes < 60
    ? `${minutes} min`
    : `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
}

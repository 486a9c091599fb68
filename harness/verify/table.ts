import Table from 'cli-table3';
import { printable } from '../text/terminal.ts';
import type { Comparison } from './compare.ts';
import type { CaseResult } from './run-case.ts';

/** One line a case: what was compared, and the errors of the result that came nearest to its limits. */
export function resultTable(results: readonly CaseResult[]): string {
  const table = new Table({
    head: ['case', 'compared', 'absolute', 'relative', 'tolerance', 'result'],
    colWidths: [null, 36, null, null, 32, null],
    wordWrap: true,
    style: { head: [], border: [], compact: true },
  });
  for (const result of results) {
    const { item, name, comparisons } = result;
    const worst = worstOf(comparisons);
    table.push([
      printable(`${item}/${name}`),
      printable(compared(comparisons, worst)),
      worst ? number(worst.maxAbs) : '',
      worst ? number(relativeError(worst)) : '',
      worst ? limits(worst) : '',
      verdict(result),
    ]);
  }
  return table.toString();
}

/** A line for each thing that went wrong, or that a pass depends on. */
export function problems(results: readonly CaseResult[]): string[] {
  return results.flatMap((result) => {
    const { item, name, reason, comparisons } = result;
    const where = `${verdict(result)}: ${item}/${name}`;
    if (reason !== null) return [`${where}: ${reason}`];
    return comparisons
      .filter(({ pass }) => !pass)
      .map((comparison) => `${where}: ${comparison.name}: ${comparison.reason ?? overLimit(comparison)}`);
  });
}

/** `133 passed, 1 failed, 2 skipped (1 of them optional)`. */
export function summary(results: readonly CaseResult[]): string {
  const count = (status: CaseResult['status']) => results.filter((r) => r.status === status).length;
  const excused = results.filter(({ status, optional }) => status !== 'passed' && optional).length;
  const note = excused > 0 ? ` (${excused} of them optional)` : '';
  return `${count('passed')} passed, ${count('failed')} failed, ${count('skipped')} skipped${note}`;
}

/** Whether every case that counts has passed. */
export function allPassed(results: readonly CaseResult[]): boolean {
  return results.every(({ status, optional }) => status === 'passed' || optional);
}

function worstOf(comparisons: readonly Comparison[]): Comparison | undefined {
  return comparisons.reduce<Comparison | undefined>((a, b) => (a && a.share >= b.share ? a : b), undefined);
}

function compared(comparisons: readonly Comparison[], worst: Comparison | undefined): string {
  if (!worst || comparisons.length === 1) return worst?.name ?? '';
  return `${worst.name} (worst of ${comparisons.length})`;
}

function verdict({ status, optional }: CaseResult): string {
  return optional ? `${status} (optional)` : status;
}

function limits({ limits }: Comparison): string {
  return Object.entries(limits)
    .map(([name, value]) => (value === true ? name : `${name} ${value.toExponential()}`))
    .join(', ');
}

/** In the norm that the limit is given in. */
function relativeError({ limits, relL2, maxRel }: Comparison): number | null {
  return 'max_rel' in limits || 'rel_tol' in limits ? maxRel : relL2;
}

function overLimit(comparison: Comparison): string {
  const { maxAbs, relL2, maxRel } = comparison;
  return `max abs ${number(maxAbs)}, rel L2 ${number(relL2)}, max rel ${number(maxRel)}; allowed: ${limits(comparison)}`;
}

function number(value: number | null): string {
  if (value === null) return '';
  return value === 0 ? '0' : value.toExponential(1);
}

import { formatFixed, formatHalfWidth, formatP, formatSigned } from '../numbers.ts';
import type { ComparedNumber, ComparedSetting, Comparison } from './comparison.ts';
import { changeText } from './config-changes.ts';

/** How an output writes text that comes from files. */
export type Shown = (text: string) => string;

/** A setting's table as strings that are escaped: what changed in a method, then each metric's two means and their difference. */
export interface ComparedTable {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** What stands in one of them alone, a line each. */
  readonly notes: readonly string[];
}

export const COMPARED =
  'means over the pictures and seeds that both have; Δ: second minus first, paired by picture and seed, ± half of its 95 % interval (bootstrap over pictures, each with all its seeds); p: Wilcoxon signed-rank; of whole sets by the jackknife, without p';

/** The changes of the file, a line each; that nothing differs at all, in one. */
export function changeLines(comparison: Comparison, shown: Shown): string[] {
  const { changes, settings } = comparison;
  const isAlike = lonelySettings(comparison, shown).length === 0 && settings.every(isUnchanged);
  if (isAlike && changes?.length === 0) return ['nothing differs: no key of the file, no method, no number'];
  if (changes === null) return ['the file of one of them was not kept by the version that ran it'];
  if (changes.length === 0)
    return ['no key: what differs is code, weights, pictures or what was asked beside the file'];
  return changes.map((change) => shown(changeText(change)));
}

/** The settings in which something differs, and a line that names the others. */
export function changedSettings({ settings }: Comparison, shown: Shown) {
  const alike = settings.filter(isUnchanged).map(({ title }) => title);
  return {
    changed: settings.filter((setting) => !isUnchanged(setting)),
    alike: alike.length > 0 ? [shown(`no number differs on ${alike.join('; ')}`)] : [],
  };
}

/** Nothing is another, of all that both have, and both have the same. */
function isUnchanged({ changes, methods, onlyFirst, onlySecond }: ComparedSetting): boolean {
  const isZero = ({ mean, low, high }: ComparedNumber['difference']) =>
    mean === 0 && !(low < 0) && !(high > 0);
  return (
    [...changes, ...onlyFirst, ...onlySecond].length === 0 &&
    methods.every(
      ({ changes, numbers }) =>
        changes.length === 0 && numbers.every((number) => number === null || isZero(number.difference)),
    )
  );
}

export function comparedTable(
  setting: ComparedSetting,
  { first, second }: Comparison,
  shown: Shown,
): ComparedTable {
  const { columns, methods, title, changes } = setting;
  return {
    title: shown(changes.length > 0 ? `${title}: ${changes.join(', ')}` : title),
    head: [
      'Method',
      'Changed',
      'N',
      ...columns.flatMap(({ title, arrow }) => [
        shown(`${title} ${arrow} ${first}`),
        shown(second),
        `Δ ${shown(title)}`,
      ]),
    ],
    rows: methods.map(({ label, changes, numbers }) => [
      shown(label),
      shown(changes.join(', ') || '—'),
      [...new Set(numbers.map((number) => number?.difference.images ?? 0))].join(' / '),
      ...numbers.flatMap((number, i) => cells(number, columns[i]!.digits)),
    ]),
    notes: [...only(first, setting.onlyFirst), ...only(second, setting.onlySecond)].map(shown),
  };
}

/** Settings that stand in one of them alone. */
export function lonelySettings({ first, second, onlyFirst, onlySecond }: Comparison, shown: Shown): string[] {
  return [...only(first, onlyFirst), ...only(second, onlySecond)].map(shown);
}

function only(name: string, what: readonly string[]): string[] {
  return what.length > 0 ? [`only in ${name}: ${what.join('; ')}`] : [];
}

function cells(number: ComparedNumber | null, digits: number): string[] {
  if (!number) return ['—', '—', '—'];
  const { first, second, difference } = number;
  const p = Number.isNaN(difference.p) ? '' : ` (${formatP(difference.p)})`;
  const change = `${formatSigned(difference.mean, digits)}${formatHalfWidth(difference, digits)}${p}`;
  return [formatFixed(first, digits), formatFixed(second, digits), change];
}

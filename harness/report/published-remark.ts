import { formatParam } from '../identity/param-text.ts';
import type { Params } from '../identity/refs.ts';
import type { Figure } from '../published/paper.ts';
import { UNKNOWN } from '../published/schema.ts';
import type { Column } from './columns.ts';
import { formatCount } from './numbers.ts';
import type { OurNumber } from './published-join.ts';
import type { CostRow } from './source.ts';
import type { TableModel } from './table-model.ts';

/** A number of ours with all that may set it apart from a published one. */
interface Ours {
  readonly number: OurNumber;
  readonly column: Column;
  readonly costs: readonly CostRow[];
  readonly table: TableModel;
}

/** What was held against what: the same (null), different (in words), or not known. */
type Compared = readonly [what: string, difference: string | null | typeof UNKNOWN];

/**
 * What stands between a published figure and ours: first what differs, then what nobody knows, then the file's own note.
 * @param ours null where nothing of it was run here: then the setting alone is compared
 */
export function remarkOn(figure: Figure, taskParams: Params, ours: Ours | null): string {
  const compared = [
    ...ofRun(figure, ours),
    noise(figure, taskParams.noise),
    ...constants(figure, taskParams),
    ...ofMetric(figure, ours),
  ];
  const differs = compared.flatMap(([what, answer]) =>
    answer === null || answer === UNKNOWN ? [] : [`${what} ${answer}`],
  );
  if (figure.degradation !== null) differs.push(`degraded by ${figure.degradation}`);
  const unknown = compared.flatMap(([what, answer]) => (answer === UNKNOWN ? [what] : []));
  return [
    ...(differs.length > 0 ? [`differs: ${differs.join('; ')}`] : []),
    ...(unknown.length > 0 ? [`unknown: ${unknown.join(', ')}`] : []),
    ...(figure.note === null ? [] : [figure.note]),
  ].join('. ');
}

function ofRun({ protocol, nfe }: Figure, ours: Ours | null): Compared[] {
  const { pictures, bestOf } = protocol;
  const calls = ours ? callsOf(ours) : null;
  return [
    ['pictures', against(pictures, ours ? ours.number.cell.images : null, formatCount)],
    ['network evaluations', calls === undefined ? UNKNOWN : against(nfe, calls, formatCount)],
    ['best of how many', against(bestOf, ours ? 1 : null, (n) => (n === 1 ? 'one draw' : `best of ${n}`))],
    [
      'pictures of ours',
      ours && ours.number.method.draws > 1 ? `are means of ${ours.number.method.draws} draws` : null,
    ],
  ];
}

function callsOf({ number, costs, table }: Ours): number | undefined {
  const row = costs.find(({ setting, method }) => setting === table.key && method === number.method.key);
  return row?.calls.unetForward;
}

/** Sigma is ours in [-1,1]; the same number in [0,1] is half as much noise. */
function noise({ protocol: { noise: sigma, noiseScale } }: Figure, ours: unknown): Compared {
  if (sigma === UNKNOWN) return ['sigma', UNKNOWN];
  if (sigma === 0) return ['sigma', against(0, ours, formatParam)];
  if (noiseScale === UNKNOWN) {
    const other = sigma === ours ? '' : `, here ${formatParam(ours)} in [-1,1]`;
    return other === '' ? ["sigma's scale", UNKNOWN] : ['sigma', `${sigma} of unknown scale${other}`];
  }
  if (noiseScale === 'text [0,1] code [-1,1]')
    return [
      'sigma',
      `${sigma}, in [0,1] by its text and in [-1,1] by its code, here ${formatParam(ours)} in [-1,1]`,
    ];
  const inOurs = noiseScale === '[0,1]' ? 2 * sigma : sigma;
  return inOurs === ours
    ? ['sigma', null]
    : ['sigma', `${sigma} in ${noiseScale}, here ${formatParam(ours)} in [-1,1]`];
}

/** A blur's `sigma` is not the noise's, which is called so. */
function constants({ params }: Figure, ours: Params): Compared[] {
  return Object.keys(ours)
    .filter((key) => key !== 'noise')
    .map((key) => [
      key === 'sigma' ? "kernel's sigma" : key,
      against(params[key] ?? UNKNOWN, ours[key], formatParam),
    ]);
}

function ofMetric({ family, protocol }: Figure, ours: Ours | null): Compared[] {
  if (family === 'lpips') {
    const net = ours ? netOf(ours.column.metric) : null;
    return [['network of LPIPS', against(protocol.lpipsNet, net, String)]];
  }
  if (family !== 'fid' && family !== 'kid') return [];
  const of = `reference of ${family.toUpperCase()}`;
  return [[of, against(protocol.fidReference, ours ? 'the true pictures' : null, String)]];
}

/** @param ours null where there is none: then the two do not differ, but what is not known of the figure is told */
function against<T>(published: T | typeof UNKNOWN, ours: unknown, format: (value: T) => string): Compared[1] {
  if (published === UNKNOWN) return UNKNOWN;
  if (ours === null || published === ours) return null;
  return `${format(published as T)}, here ${format(ours as T)}`;
}

/** The network of one of our LPIPS metrics. */
export function netOf(metric: string): string {
  return metric === 'lpips' ? 'alex' : metric.replace('lpips-', '');
}

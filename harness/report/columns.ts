import { groupBy } from '../group-by.ts';
import { fingerprint } from '../identity/fingerprint.ts';
import { differingKeys, formatParams } from '../identity/param-text.ts';
import type { Params } from '../identity/refs.ts';
import type { MetricRow, SetRow } from '../store/rows.ts';
import type { MetricInfo } from './source.ts';

/** A metric under one protocol: numbers of another protocol, or version, stand in another column. */
export interface Column {
  readonly metric: string;
  readonly title: string;
  readonly unit: string | null;
  readonly better: 'higher' | 'lower';
  readonly arrow: '↑' | '↓';
  /** Whether a best is marked. */
  readonly ranked: boolean;
  readonly digits: number;
  readonly version: number;
  /** Canonical JSON, as the rows carry it. */
  readonly protocol: string;
  /** Short name of metric, version and protocol. */
  readonly fingerprint: string;
  /** Numbers of whole sets, not means over pictures. */
  readonly ofSets: boolean;
  /** Computed by a network that has seen toys only. */
  readonly toy: boolean;
  /** What sets this protocol apart from the same metric's other columns, or null. */
  readonly variant: string | null;
}

/** What a row says of its column. */
type ColumnRow = Pick<MetricRow, 'metric' | 'version' | 'protocol'>;

/** The columns that rows need: metrics in the order of `metrics`, a column for each version and protocol. */
export function listColumns(
  rows: readonly MetricRow[],
  setRows: readonly SetRow[],
  metrics: readonly MetricInfo[],
): Column[] {
  const ofPictures = groupBy(rows, ({ metric }) => metric);
  const ofSets = groupBy(setRows, ({ metric }) => metric);
  const known = new Set(metrics.map(({ name }) => name));
  const stranger = [...ofPictures.keys(), ...ofSets.keys()].find((metric) => !known.has(metric));
  if (stranger) throw new Error(`the report was given rows of metric "${stranger}" but no description of it`);
  return metrics.flatMap((info) => [
    ...columnsOf(info, ofPictures.get(info.name) ?? [], false),
    ...columnsOf(info, ofSets.get(info.name) ?? [], true),
  ]);
}

function columnsOf(info: MetricInfo, rows: readonly ColumnRow[], ofSets: boolean): Column[] {
  const distinct = [...groupBy(rows, columnKey).values()].map(([first]) => first!);
  const parsed = distinct.map(({ version, protocol }) => ({ version, ...parseProtocol(protocol) }));
  const varying = differingKeys(parsed);
  return distinct.map(({ metric, version, protocol }, i): Column => {
    const choices = parseProtocol(protocol);
    return {
      metric,
      title: info.title,
      unit: info.unit ?? null,
      better: info.better,
      arrow: info.better === 'higher' ? '↑' : '↓',
      ranked: info.ranked !== false,
      digits: info.digits,
      version,
      protocol,
      fingerprint: fingerprint({ name: metric, version, protocol: choices }),
      ofSets,
      toy: choices.toy === true,
      variant: varying.length ? formatParams(parsed[i]!, varying) : null,
    };
  });
}

/** Identity of a number's column. */
export function columnKey({ metric, version, protocol }: ColumnRow): string {
  return `${metric} ${version} ${protocol}`;
}

export function parseProtocol(protocol: string): Params {
  return JSON.parse(protocol) as Params;
}

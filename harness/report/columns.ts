import type { Params } from '../config/plan.ts';
import type { MetricRow } from '../store/rows.ts';
import { groupBy } from './group-by.ts';
import { differingKeys, formatParams } from './methods.ts';
import type { MetricInfo } from './source.ts';

/** A metric under one protocol: numbers of another protocol stand in another column. */
export interface Column {
  readonly metric: string;
  readonly title: string;
  readonly unit: string | null;
  readonly better: 'higher' | 'lower';
  readonly arrow: '↑' | '↓';
  readonly digits: number;
  /** Canonical JSON, as the rows carry it. */
  readonly protocol: string;
  /** What sets this protocol apart from the same metric's other columns, or null. */
  readonly variant: string | null;
}

/** The columns that rows need: metrics in their order of appearance, a column for each protocol. */
export function listColumns(rows: readonly MetricRow[], metrics: readonly MetricInfo[]): Column[] {
  return [...groupBy(rows, (row) => row.metric)].flatMap(([metric, ofMetric]) => {
    const info = metrics.find(({ name }) => name === metric);
    if (!info) throw new Error(`the report was given rows of metric "${metric}" but no description of it`);
    const protocols = [...new Set(ofMetric.map((row) => row.protocol))];
    const parsed = protocols.map(parseProtocol);
    const varying = differingKeys(parsed);
    return protocols.map(
      (protocol, i): Column => ({
        metric,
        title: info.title,
        unit: info.unit ?? null,
        better: info.better,
        arrow: info.better === 'higher' ? '↑' : '↓',
        digits: info.digits,
        protocol,
        variant: varying.length ? formatParams(parsed[i]!, varying) : null,
      }),
    );
  });
}

export function parseProtocol(protocol: string): Params {
  return JSON.parse(protocol) as Params;
}

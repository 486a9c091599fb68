import { markdownTable } from '../markdown.ts';
import type { Shape } from './operations.ts';
import type { ProfiledOperator } from './read.ts';

/** Operators that are counted together. */
interface Group {
  count: number;
  ms: number;
  /** null: some are unknown. */
  operations: number | null;
}

/** Kinds that take less of the time than this are one row. */
const SMALL = 0.01;
/** Rows of the table by shapes. */
const DEAREST = 12;

/** Operators by kind, the dearest first. */
export function kindsTable(operators: readonly ProfiledOperator[]): string {
  const total = sum(operators.map(({ ms }) => ms));
  const kinds = grouped(operators, ({ op }) => op);
  const small = kinds.filter(([, { ms }]) => ms < SMALL * total).map(([op]) => op);
  const groups = grouped(operators, ({ op }) => (small.includes(op) ? `${small.length} other kinds` : op));
  return markdownTable(
    ['operator', ...HEAD],
    groups.map(([name, group]) => row(name, group, total)),
  );
}

/** Operators by kind and shapes, the dearest first: those of them that take most. */
export function shapesTable(operators: readonly ProfiledOperator[]): string {
  const total = sum(operators.map(({ ms }) => ms));
  const groups = grouped(operators, describe).slice(0, DEAREST);
  return markdownTable(
    ['operator, its inputs -> output', ...HEAD],
    groups.map(([name, group]) => row(name, group, total)),
  );
}

const HEAD = ['run', 'ms', 'share', 'GFLOP', 'GFLOP/s'];

function row(name: string, { count, ms, operations }: Group, total: number): string[] {
  const known =
    operations === null ? ['', ''] : [(operations / 1e9).toFixed(2), (operations / ms / 1e6).toFixed(0)];
  return [
    name,
    String(count),
    ms.toFixed(ms < 10 ? 2 : ms < 100 ? 1 : 0),
    `${((100 * ms) / total).toFixed(0)} %`,
    ...known,
  ];
}

function grouped(
  operators: readonly ProfiledOperator[],
  nameOf: (operator: ProfiledOperator) => string,
): [string, Group][] {
  const groups = new Map<string, Group>();
  for (const operator of operators) {
    const name = nameOf(operator);
    const { ms, operations } = operator;
    const group = groups.get(name) ?? { count: 0, ms: 0, operations: 0 };
    groups.set(name, {
      count: group.count + 1,
      ms: group.ms + ms,
      operations: group.operations === null || operations === null ? null : group.operations + operations,
    });
  }
  return [...groups].sort(([, a], [, b]) => b.ms - a.ms);
}

function describe({ op, inputs, outputs }: ProfiledOperator): string {
  const show = (shape: Shape) => (shape.length === 0 ? '1' : shape.join('x'));
  return `${op} ${inputs.map(show).join(', ')} -> ${outputs.slice(0, 1).map(show)}`;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((all, number) => all + number, 0);

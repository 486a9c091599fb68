import { groupBy } from '../group-by.ts';
import { METHOD_GROUPS, type MethodGroup } from '../identity/method-group.ts';
import type { Method } from './methods.ts';

/** Rows that stand together. */
export interface Section<R> {
  /** null: without a heading. */
  readonly title: string | null;
  readonly rows: readonly R[];
}

const TITLES: Readonly<Record<MethodGroup, string>> = {
  classical: 'Classical',
  pixel: 'Pixel diffusion',
  latent: 'Latent diffusion',
  trained: 'Trained for the task',
};
const OTHERS = 'Others';

/**
 * Rows by the groups of their methods, in the groups' order and theirs; trivial baselines first, without a heading. One
 * group alone needs none.
 */
export function sectionsOf<R extends { readonly method: Pick<Method, 'group' | 'trivial'> }>(
  rows: readonly R[],
): Section<R>[] {
  const trivial = rows.filter(({ method }) => method.trivial);
  const methods = rows.filter(({ method }) => !method.trivial);
  const groups = groupBy(methods, ({ method }) => (method.group ? TITLES[method.group] : OTHERS));
  if (groups.size < 2) return [{ title: null, rows: [...trivial, ...methods] }];
  const order = [...METHOD_GROUPS.map((group) => TITLES[group]), OTHERS];
  return [
    ...(trivial.length > 0 ? [{ title: null, rows: trivial }] : []),
    ...order.flatMap((title) => (groups.has(title) ? [{ title, rows: groups.get(title)! }] : [])),
  ];
}

import { groupBy } from '../group-by.ts';
import { differingKeys, formatParams } from '../identity/param-text.ts';
import { nameWithParams } from './methods.ts';
import type { TableModel } from './table-model.ts';

/** Super-resolution (factor=8, noise=0.01), toyfaces */
export function tableTitle({ title, taskParams, dataset }: TableModel): string {
  return `${nameWithParams(title, taskParams)}, ${dataset}`;
}

/** A heading for each table's key: "Super-resolution", with the parameters that set it apart from its namesakes. */
export function taskTitles(tables: readonly TableModel[]): Map<string, string> {
  return new Map(
    [...groupBy(tables, ({ title }) => title)].flatMap(([title, namesakes]) => {
      const settings = namesakes.map(({ taskParams, dataset }) => ({ ...taskParams, dataset }));
      const varying = differingKeys(settings);
      return namesakes.map(({ key }, i): [string, string] => [
        key,
        varying.length ? `${title} (${formatParams(settings[i]!, varying)})` : title,
      ]);
    }),
  );
}

import { formatParams } from '../identity/param-text.ts';
import { groupBy } from './group-by.ts';
import { differingKeys } from './methods.ts';
import type { TableModel } from './table-model.ts';

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

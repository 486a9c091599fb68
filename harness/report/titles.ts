import { groupBy } from './group-by.ts';
import { differingKeys, formatParams } from './methods.ts';
import type { TableModel } from './table-model.ts';

/** A heading for each table's key: "Super-resolution", with the parameters that set it apart from its namesakes. */
export function taskTitles(tables: readonly TableModel[]): Map<string, string> {
  return new Map(
    [...groupBy(tables, ({ task }) => task)].flatMap(([task, namesakes]) => {
      const settings = namesakes.map(({ taskParams, dataset }) => ({ ...taskParams, dataset }));
      const varying = differingKeys(settings);
      const name = task.charAt(0).toUpperCase() + task.slice(1);
      return namesakes.map(({ key }, i): [string, string] => [
        key,
        varying.length ? `${name} (${formatParams(settings[i]!, varying)})` : name,
      ]);
    }),
  );
}

/** A metric as tables name it: PSNR, LPIPS-toy. */
export function metricName(name: string): string {
  return name.replace(/^[^-]+/, (acronym) => acronym.toUpperCase());
}

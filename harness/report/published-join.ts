import { hasRandomWeights } from '../identity/random-weights.ts';
import type { Figure } from '../published/paper.ts';
import type { SettingRow } from '../store/rows.ts';
import type { Column } from './columns.ts';
import { netOf } from './published-remark.ts';
import type { Cell, TableModel, TableRow, TableSource } from './table-model.ts';

/** What says which pictures, and how large. */
type Pictures = Pick<SettingRow, 'dataset' | 'imageShape'>;

/** A number of ours in the figure's unit: 100 times an SSIM where the paper prints it so. */
export interface OurNumber extends Interval {
  readonly method: TableRow['method'];
  readonly metric: string;
  readonly digits: number;
  readonly cell: Cell;
  readonly randomWeights: boolean;
}

/** A number with its 95 % interval; NaN where that does not exist. */
export interface Interval {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/** Parameters that make a task another one; the others are differences to be told. */
const DECIDING = ['factor', 'quality'];

/** Whether a figure is of a report's setting. */
export function isOfSetting(figure: Figure, setting: SettingRow): boolean {
  return (
    figure.task === setting.task &&
    isOfPictures(figure, setting) &&
    DECIDING.every((key) => figure.params[key] === setting.params[key])
  );
}

/** Whether it is of that data set at that size. */
export function isOfPictures({ dataset, resolution }: Figure, setting: Pictures): boolean {
  const [, height, width] = setting.imageShape;
  return height === resolution && width === resolution && dataSet(dataset) === dataSet(setting.dataset);
}

/** `ffhq` of FFHQ, ffhq256 and ffhq-512: folders are often called by their size. */
function dataSet(name: string): string {
  return name.toLowerCase().replace(/[-_ ]?(64|128|256|512|768|1024)$/, '');
}

/** A number of ours with the column that it stands in. */
export interface Candidate {
  readonly number: OurNumber;
  readonly column: Column;
}

/** Every number of ours of the figure's method and metric; of LPIPS that of its network, where it is known and computed. */
export function numbersFor(figure: Figure, table: TableModel, { methods }: TableSource): Candidate[] {
  const { family, solver, scale, protocol } = figure;
  if (family === null || solver === null) return [];
  const ofFamily = [...table.columns.entries()].filter(
    ([, { metric, toy }]) => !toy && (metric === family || metric.startsWith(`${family}-`)),
  );
  const sameNet = ofFamily.filter(
    ([, { metric }]) => family === 'lpips' && netOf(metric) === protocol.lpipsNet,
  );
  const columns = sameNet.length > 0 ? sameNet : ofFamily;
  return table.rows.flatMap(({ method, cells }) => {
    const { prior } = methods.find(({ key }) => key === method.key)!;
    if (method.trivial || method.solver !== solver || prior?.toy) return [];
    return columns.flatMap(([i, column]): Candidate[] => {
      const cell = cells[i];
      if (!cell) return [];
      const { mean, low, high } = cell;
      const number = {
        method,
        metric: column.title,
        digits: Math.max(0, column.digits - Math.round(Math.log10(scale))),
        mean: mean * scale,
        low: low * scale,
        high: high * scale,
        cell,
        randomWeights: prior !== null && hasRandomWeights(prior),
      };
      return [{ number, column }];
    });
  });
}

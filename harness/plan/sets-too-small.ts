import { FEWEST_OF_A_SET } from '../metrics/set-comparison.ts';
import { isScoredBy } from '../tasks/roles.ts';
import { counted } from '../text/count.ts';
import { calledAmong } from './called-among.ts';
import type { Experiment, TaskPoint } from './experiment.ts';
import type { PosedOn } from './left-out.ts';

/** On which tasks metrics of sets give no number, since there are too few pictures to compare with, a line each. */
export function setsTooSmall(
  { metrics }: Pick<Experiment, 'metrics'>,
  posed: ReadonlyMap<TaskPoint, PosedOn>,
): string[] {
  return [...posed].flatMap(([point, { ids }]) => {
    const lost = metrics.filter(
      ({ metric }) => metric.against === 'reference-set' && isScoredBy(point.task.kind, metric),
    );
    if (ids.size >= FEWEST_OF_A_SET || lost.length === 0) return [];
    const names = lost.map(({ metric }) => metric.name).join(', ');
    const called = calledAmong([...posed.keys()], point);
    return [
      `${called} has ${counted(ids.size, 'picture')}: there is no ${names} of fewer than ${FEWEST_OF_A_SET}`,
    ];
  });
}

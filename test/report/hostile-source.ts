import type { ReportSource } from '../../harness/report/source.ts';
import { HOSTILE } from '../text/hostile.ts';
import { makeSource } from './fixture.ts';

export const names = ['ldps', ...HOSTILE];

/** A method of each name, and every other text of a report hostile too. */
export function hostileSource(): ReportSource {
  const all = HOSTILE.join(' ');
  // Half a surrogate pair has no canonical JSON: no parameter can hold it.
  const paramsOf = (name: string) => (/\p{Cs}/u.test(name) ? {} : { [name]: name });
  const methods = names.map((solver, i) => ({
    solver,
    title: solver,
    paper: all,
    params: paramsOf(solver),
    psnr: 20 + i / 8,
  }));
  const { rows, settings, runs, ...rest } = makeSource({
    compared: methods,
    items: 2,
    baseline: HOSTILE[0]!,
  });
  return {
    ...rest,
    config: { path: all, text: all },
    rows: rows
      .filter(({ setting }) => setting === settings[0]!.key)
      .map((row) => ({ ...row, item: row.item + all })),
    settings: settings.map((setting) => ({ ...setting, dataset: all })),
    runs: runs.map((run) => ({ ...run, machine: all })),
    priors: [{ name: all, toy: true, weightsSha256: '0' }],
    cells: { planned: 200, done: 120 },
    failures: [
      {
        cell: 'c0',
        method: rows[0]!.method,
        setting: rows[0]!.setting,
        solver: all,
        params: {},
        prior: all,
        task: all,
        taskParams: {},
        item: all,
        seed: 0,
        kind: 'solver-error',
        message: all,
        logTail: all,
      },
    ],
  };
}

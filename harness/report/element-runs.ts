import { canonicalJson } from '../identity/canonical.ts';
import { readElementDevice } from '../store/element-device.ts';
import type { RunRow } from '../store/runs.ts';
import { counted } from '../text/count.ts';
import { some } from '../text/some.ts';

/** Jobs and nodes that a line has room for. */
const SHOWN = 6;

/** A run with what it says of itself as an element. */
interface ElementRun {
  readonly run: RunRow;
  readonly device: string;
  readonly element: string;
  readonly job: string;
}

/**
 * Runs with the elements that one command has submitted as one, where they agree in code, versions and device: thousands
 * are a table's.
 */
export function elementsTogether(runs: readonly RunRow[]): RunRow[] {
  const groups = new Map<string, ElementRun[]>();
  const all = runs.map((run) => {
    const element = asElement(run);
    if (!element) return run;
    const { commit, dirty, diffSha256, versions, argv } = run;
    const key = canonicalJson({ commit, dirty, diffSha256, versions, argv, device: element.device });
    const group = groups.get(key);
    group?.push(element);
    const fresh = group ?? [element];
    groups.set(key, fresh);
    return group ? null : fresh;
  });
  return all.flatMap((one) => (one === null ? [] : Array.isArray(one) ? [together(one)] : [one]));
}

function asElement(run: RunRow): ElementRun | null {
  const element = readElementDevice(run.devices[0] ?? '');
  return element && { run, ...element };
}

function together(elements: readonly ElementRun[]): RunRow {
  const [{ run: first, device }] = elements as readonly [ElementRun, ...ElementRun[]];
  if (elements.length === 1) return first;
  const jobs = [...new Set(elements.map(({ job }) => job))];
  const hosts = [...new Set(elements.map(({ run }) => run.host))].sort();
  const ends = elements.map(({ run }) => run.ended);
  const outcomes = elements.map(({ run }) => run.outcome);
  const worst = outcomes.find((outcome) => outcome !== 'finished');
  const number = new Set(elements.map(({ element }) => element)).size;
  return {
    ...first,
    ended: ends.includes(null) ? null : (ends as string[]).reduce((a, b) => (a > b ? a : b)),
    outcome: outcomes.includes(null) ? null : (worst ?? 'finished'),
    devices: [
      `${device}, ${counted(number, 'element')} of Slurm job${jobs.length > 1 ? 's' : ''} ${some(jobs, SHOWN)}`,
    ],
    host: hosts.length === 1 ? hosts[0]! : `${counted(hosts.length, 'node')}: ${some(hosts, SHOWN)}`,
  };
}

import { lstatSync, realpathSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { sha256 } from '../identity/canonical.ts';
import { headOf } from '../output-file.ts';

/** The name of a page's mark of the results folder that it was made from. */
export const RESULTS_MARK = 'tweedie-results';

/** What tells a results folder from others in a report, which may be given away: no path. */
export function resultsMark(resultsDir: string): string {
  return sha256(realpathOf(resolve(resultsDir))).slice(0, 16);
}

/** Where the report of an experiment goes, and what lies in the place that it would have had. */
export interface ReportFile {
  readonly path: string;
  /** A report of another results folder; null: nothing is in the way. */
  readonly inTheWay: string | null;
}

/** `reports/<experiment>.html` or, where that was made from another results folder, a file beside it that names ours. `within`: the working folder. */
export function reportFile(experiment: string, resultsDir: string, within = '.'): ReportFile {
  const mark = resultsMark(resultsDir);
  const folder = basename(resolve(resultsDir)).replace(/[^\w.-]/g, '_');
  const [usual, ...beside] = ['', `-in-${folder}`, `-in-${folder}-${mark.slice(0, 8)}`].map((ending) =>
    join(within, 'reports', `${experiment}${ending}.html`),
  );
  if (isOurs(usual!, mark)) return { path: usual!, inTheWay: null };
  return { path: beside.find((file) => isOurs(file, mark)) ?? beside.at(-1)!, inTheWay: usual! };
}

/** Also what is not there, is of a version that made no mark, or is no report: whether that is replaced is asked later. */
function isOurs(file: string, mark: string): boolean {
  if (!isFile(file)) return true;
  const found = new RegExp(`<meta name="${RESULTS_MARK}" content="([0-9a-f]+)">`).exec(
    headOf(file).toString('latin1'),
  );
  return found === null || found[1] === mark;
}

function isFile(path: string): boolean {
  try {
    return lstatSync(path).isFile();
  } catch {
    return false;
  }
}

function realpathOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    // A first run makes it.
    return path;
  }
}

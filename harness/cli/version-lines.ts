import { changeText, configChanges } from '../report/compare/config-changes.ts';
import type { Version } from '../store/versions.ts';
import { counted } from '../text/count.ts';
import { MESSAGE, printable } from '../text/terminal.ts';

/** Changes that one line names. */
const NAMED = 3;

/** The versions of an experiment but the last, a line each; nothing where it has one. */
export function versionLines(versions: readonly Version[]): string[] {
  const last = versions.find(({ isLast }) => isLast);
  const others = versions.filter(({ isLast }) => !isLast);
  if (!last || others.length === 0) return [];
  return [
    `other versions than ${last.ref}, and what changes from them to it:`,
    ...others.map(({ ref, started, done, cells, config }) => {
      const date = started === null ? 'not run' : started.slice(0, 16).replace('T', ' ');
      return `  ${ref}  ${date}  ${done} of ${counted(cells, 'cell')} done  ${inAPhrase(config, last.config)}`;
    }),
  ];
}

function inAPhrase(before: Version['config'], after: Version['config']): string {
  if (!before || !after) return 'its configuration was not kept';
  const changes = configChanges(before, after);
  if (changes.length === 0) return 'no key: code, weights or pictures';
  const more = changes.length > NAMED ? ` and ${changes.length - NAMED} more` : '';
  return printable(changes.slice(0, NAMED).map(changeText).join(', ') + more, MESSAGE);
}

import type { BenchCase } from '../case.ts';
import { CASES } from './index.ts';

/** Cases whose name contains a text; where none does, the process ends and says which there are. */
export function casesNamed(text: string): readonly BenchCase[] {
  const cases = CASES.filter(({ name, onlyByName }) => name.includes(text) && (!onlyByName || text !== ''));
  if (cases.length > 0) return cases;
  console.error(
    `no case's name contains "${text}"; there are:\n${[...new Set(CASES.map(({ name }) => name))].join('\n')}`,
  );
  process.exit(2);
}

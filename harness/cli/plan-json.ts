import type { Plan } from '../plan/plan.ts';
import { jsonText } from '../text/json.ts';

const PER_PIECE = 1000;

/**
 * A plan and what is known of it as one JSON document, in pieces to be printed one below the other: that of a million cells
 * is longer than any string may be.
 */
export function* planJson({ groups, ...plan }: Plan, known: Record<string, unknown>): Generator<string> {
  const head = jsonText({ ...plan, ...known }, 2).slice(0, -2);
  if (groups.length === 0) yield `${head},\n  "groups": []\n}`;
  else yield `${head},\n  "groups": [`;
  for (let start = 0; start < groups.length; start += PER_PIECE) {
    const piece = jsonText(groups.slice(start, start + PER_PIECE), 2);
    const inner = piece.slice(2, -2).replace(/^/gm, '  ');
    yield start + PER_PIECE < groups.length ? `${inner},` : `${inner}\n  ]\n}`;
  }
}

import { Lexer, LineCounter, parseDocument } from 'yaml';
import { type SourceLocation, UserError } from '../errors.ts';
import { ReadingBudget } from './limits.ts';
import type { Located } from './located.ts';
import { placeIn, refuseControls, refuseHalves } from './text.ts';
import { readValues } from './yaml-values.ts';

/**
 * Parses one YAML document: core schema, anchors, aliases, merge keys. `file` is only named in places and messages.
 * @throws UserError for broken YAML, and for what would cost more to read than the budget has left
 */
export function parseYaml(text: string, file: string, budget = new ReadingBudget()): Located {
  for (const refuse of [refuseControls, refuseHalves]) refuse(text, (offset) => placeIn(text, offset, file));
  countTokens(text, file, budget);
  const lines = new LineCounter();
  const at = (offset: number): SourceLocation => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  // The library would compare each key of a mapping with every other; ours are compared when they are read.
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: false });
  const problem = document.errors[0] ?? document.warnings.find(({ code }) => code === 'TAG_RESOLVE_FAILED');
  if (!problem) return readValues(document.contents, at, budget);
  const reason =
    problem.code === 'RESOURCE_EXHAUSTION' ? 'nested too deep' : problem.message.split(/[\n;]/)[0]!;
  throw new UserError(`broken YAML: ${reason}`, at(problem.pos[0]));
}

/** Marks that the lexer puts between the pieces of the text: no part of it. */
const MARKS: ReadonlySet<string> = new Set(['\u0002', '\u0018', '\u001f']);

/** Nodes take a hundred times the memory of their text: the lexer counts them before there are any. */
function countTokens(text: string, file: string, budget: ReadingBudget): void {
  let offset = 0;
  for (const token of new Lexer().lex(text)) {
    budget.spend('tokens', 1, () => placeIn(text, offset, file));
    if (!MARKS.has(token)) offset += token.length;
  }
}

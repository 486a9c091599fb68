import type { ReportSource } from './source.ts';
import { buildTables } from './table-model.ts';
import { caveats, type Marks, NOTE, textTable } from './text-table.ts';

const marks: Marks = { best: (text) => `**${text}**`, second: (text) => `<u>${text}</u>` };

/** The comparison tables as GitHub-flavoured Markdown. */
export function markdownTables(source: ReportSource): string {
  const tables = buildTables(source).map((model) => {
    const { title, head, rows } = textTable(model, marks);
    const rule = head.map((_, i) => (i === 0 ? ':--' : '--:'));
    const lines = [head.map(escapeName), rule, ...rows.map((row) => [escapeName(row[0]!), ...row.slice(1)])];
    return `### ${escapeName(title)}\n\n${lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n')}`;
  });
  return `${[...tables, `Best bold, second-best underlined; ${[NOTE, ...caveats(source)].map(escapeName).join('; ')}.`].join('\n\n')}\n`;
}

/** Names come from files: they must not end a cell or start HTML. */
function escapeName(text: string): string {
  return text.replace(/[|<>&*_`\\]/g, (char) => `\\${char}`);
}

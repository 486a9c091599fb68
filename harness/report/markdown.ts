import { markdownText } from '../text/markdown.ts';
import type { ReportSource } from './source.ts';
import { buildTables } from './table-model.ts';
import { caveats, legendOf, type Notation, textTable } from './text-table.ts';

const markdown: Notation = {
  text: markdownText,
  best: (text) => `**${text}**`,
  second: (text) => `<u>${text}</u>`,
};

/** The comparison tables as GitHub-flavoured Markdown. */
export function markdownTables(source: ReportSource): string {
  const models = buildTables(source);
  const tables = models.map((model) => {
    const { title, head, rows } = textTable(model, markdown);
    const rule = head.map((_, i) => (i === 0 ? ':--' : '--:'));
    return `### ${title}\n\n${[head, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')}`;
  });
  const notes = [legendOf(models), ...caveats(source)].map(markdownText).join('; ');
  return `${[...tables, `Best bold, second-best underlined; ${notes}.`].join('\n\n')}\n`;
}

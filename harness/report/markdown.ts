import { markdownText } from '../text/markdown.ts';
import { buildPublished } from './published-model.ts';
import { cellsOf, PUBLISHED_HEAD, publishedText } from './published-text.ts';
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
  return `${[...tables, ...publishedMarkdown(source), `Best bold, second-best underlined; ${notes}.`].join('\n\n')}\n`;
}

function publishedMarkdown(source: ReportSource): string[] {
  const { tables, notes } = buildPublished(source);
  const blocks = tables.map((table) => {
    const { title, rows, footnotes } = publishedText(table);
    const lines = rows.map((row) => cellsOf(row).map(markdownText));
    const head = Object.values(PUBLISHED_HEAD);
    const drawn = [head, head.map(() => ':--'), ...lines].map((cells) => `| ${cells.join(' | ')} |`);
    const notes = footnotes.map((text, i) => `${i + 1}. ${markdownText(text)}`);
    return `### ${markdownText(title)}\n\n${drawn.join('\n')}\n\n${notes.join('\n')}`;
  });
  return [...blocks, ...notes.map((note) => `${markdownText(note)}.`)];
}

import { markdownText } from '../text/markdown.ts';
import { legendOf } from './legend.ts';
import { caveats } from './notes.ts';
import { printedTables, settingsOf } from './printed-table.ts';
import { buildPublished } from './published-model.ts';
import { cellsOf, PUBLISHED_HEAD, publishedText } from './published-text.ts';
import type { ReportSource } from './source.ts';
import { flatHead, type Notation, textTable } from './text-table.ts';

const markdown: Notation = {
  text: markdownText,
  best: (text) => `**${text}**`,
  second: (text) => `<u>${text}</u>`,
};

/** The comparison tables as GitHub-flavoured Markdown. */
export function markdownTables(source: ReportSource): string {
  const printed = printedTables(source);
  const tables = printed.map((one) => {
    const table = textTable(one, markdown);
    const head = flatHead(table);
    const rule = head.map((_, i) => (i === 0 ? ':--' : '--:'));
    const empty = new Array<string>(head.length - 1).fill('');
    const rows = table.sections.flatMap(({ title, rows }) =>
      title === null ? rows : [[`*${title}*`, ...empty], ...rows],
    );
    const lines = [head, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |`);
    return [`### ${table.title}`, lines.join('\n'), ...table.footnotes].join('\n\n');
  });
  const notes = [legendOf(printed), ...caveats(source, settingsOf(printed))].map(markdownText).join('; ');
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

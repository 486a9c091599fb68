import { markdownText } from '../text/markdown.ts';
import { printedTables } from './printed-table.ts';
import type { ReportSource } from './source.ts';
import { caveats, flatHead, legendOf, type Notation, settingsOf, textTable } from './text-table.ts';

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
  return `${[...tables, `Best bold, second-best underlined; ${notes}.`].join('\n\n')}\n`;
}

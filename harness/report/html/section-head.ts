import { html, type Markup } from '../../text/html.ts';

/** The heading of rows that stand together; nothing where they have none. */
export function sectionHead(title: string | null, columns: number): Markup | null {
  return title === null
    ? null
    : html`<tr class="band"><th colspan="${columns}" scope="rowgroup">${title}</th></tr>`;
}

import { html, type Markup } from '../../text/html.ts';

/** Of a key so much that no other cell's begins so, and that a person can still copy by hand. */
export const SHORT_KEY = 12;

/** Where pages of cells are, for the page's script: an address with `*` for the key. */
export const CELLS_AT = 'tweedie-cells';

/** How a reader comes to a cell: by its page, where it has one, else by the command that writes it. */
export function cellRef(key: string, cellsAt: string | null): Markup {
  const short = key.slice(0, SHORT_KEY);
  return cellsAt === null
    ? html`<code class="command">tweedie show ${short} --html cell.html</code>`
    : html`<a href="${cellsAt.replace('*', key)}"><code>${short}</code></a>`;
}

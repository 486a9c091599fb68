import { visible } from './visible.ts';

/** Text that is HTML already. Only `html` makes it, so nothing else reaches the page unescaped. */
export class Markup {
  constructor(readonly text: string) {}
}

type Content = Markup | string | number | null | readonly Content[];

/** A template whose interpolations are escaped, except other `html` templates; null is left out, lists are joined. */
export function html(strings: TemplateStringsArray, ...values: readonly Content[]): Markup {
  return new Markup(strings.reduce((text, piece, i) => text + render(values[i - 1]!) + piece));
}

/** CSS and script of the page itself, never text from a file. */
export function trusted(text: string): Markup {
  return new Markup(text);
}

function render(content: Content): string {
  if (content === null) return '';
  if (content instanceof Markup) return content.text;
  if (typeof content === 'object') return content.map(render).join('');
  return escapeHtml(String(content));
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Also written out is what cannot be seen: NUL is no HTML, and an override would turn the rest of a paragraph round. */
function escapeHtml(text: string): string {
  return visible(text, '\n\r\t').replace(/[&<>"']/g, (char) => ENTITIES[char]!);
}

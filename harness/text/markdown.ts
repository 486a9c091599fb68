import { visibleLine } from './visible.ts';

/** Shown nowhere, it ends a run of text: GitHub finds addresses and names of people even where they are escaped. */
const BREAK = '<!-- -->';

/**
 * Text as GitHub-flavoured Markdown that reads as it stands: no link, image, HTML, emphasis, code or formula starts in
 * it, no table cell ends, and no bare address or `@name` becomes a link. Line breaks become spaces, so that it can never
 * start a line, where lists and headings begin.
 */
export function markdownText(text: string): string {
  return visibleLine(text)
    .replace(/[\\`*_[\]<>&|~$#]/g, '\\$&')
    .replace(/:(?=\/\/)|www(?=\.)|@/gi, `$&${BREAK}`);
}

import { createHash } from 'node:crypto';
import { html, type Markup, trusted } from '../../text/html.ts';
import { fontFaces } from '../fonts.ts';
import { style } from './style.ts';

/** What the report itself has not: pictures side by side, and facts in a list. */
const own = `
.shots { display: flex; flex-wrap: wrap; gap: 16px; }
.shots img { display: block; width: min(256px, 100%); image-rendering: pixelated; border-radius: 2px; }
.known { display: grid; grid-template-columns: minmax(7em, max-content) 1fr; gap: 2px 18px; margin: 8px 0; font-size: 13.5px; }
.known dt { color: var(--muted); }
.known dd { margin: 0; overflow-wrap: anywhere; }
.known ul { margin: 0; padding-left: 18px; }
pre { overflow-x: auto; }
`;

/**
 * A page of the report's look. Nothing is fetched and nothing runs, whatever a name in it holds, but its own `script`, which
 * may ask the place that the page came from.
 */
export function staticPage(title: string, body: Markup, script: string | null = null): string {
  const hash = script === null ? '' : createHash('sha256').update(script).digest('base64');
  const scripts = script === null ? '' : `; script-src 'sha256-${hash}'; connect-src 'self'`;
  return `<!doctype html>\n${
    html`<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; font-src data:; style-src 'unsafe-inline'${scripts}">
<title>${title} · Tweedie report</title>
<style>${trusted(fontFaces() + style + own)}</style>
</head>
<body>
<main>
${body}
</main>
${script === null ? null : html`<script>${trusted(script)}</script>`}
</body>
</html>`.text
  }\n`;
}

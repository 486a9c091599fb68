import { html, type Markup, trusted } from '../../text/html.ts';
import { fontFaces } from '../fonts.ts';
import { style } from './style.ts';

/** A page of the report's look without any script: nothing is fetched and nothing runs, whatever a name in it holds. */
export function staticPage(title: string, body: Markup): string {
  return `<!doctype html>\n${
    html`<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; font-src data:; style-src 'unsafe-inline'">
<title>${title} · Tweedie report</title>
<style>${trusted(fontFaces() + style)}</style>
</head>
<body>
<main>
${body}
</main>
</body>
</html>`.text
  }\n`;
}

import { html, type Markup } from '../../text/html.ts';
import { markOf } from '../charts/draw-script.ts';
import type { Look } from '../charts/figure.ts';
import { palettes } from '../charts/palette.ts';

/** The page's name for a method's colour (style.ts). */
export function seriesColour(look: Look): string {
  return look !== 'muted' && 'method' in look
    ? `var(--series-${look.method % palettes.light.series.length})`
    : 'var(--muted)';
}

/** A method's mark as charts have it, in front of its name; it tells nothing that the name does not. */
export function swatch(look: Look): Markup {
  return html`<span class="swatch ${markOf(look, palettes.light)}" style="--line: ${seriesColour(look)}" aria-hidden="true"></span>`;
}

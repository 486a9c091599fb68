import { html, type Markup } from '../../text/html.ts';
import type { Looks } from '../charts/looks.ts';
import type { MethodTrace, TracedPicture, TracedScalar } from '../trace-model.ts';
import { seriesColour } from './swatch.ts';

/** Of each method its numbers over its steps, in its colour, and below them its pictures. */
export function traceFigures(traces: readonly MethodTrace[], looks: Looks): Markup | null {
  if (traces.length === 0) return null;
  return html`<h3 class="traces">Steps</h3>
<p class="note">What methods say of their own steps, each of the first picture that has a trace; numbers of different methods need not be the same thing.</p>
${traces.map(
  ({ label, item, seed, steps, scalars, pictures }) => html`
<div class="trace" style="--line: ${seriesColour(looks(label))}"><p><b>${label}</b> <span class="quiet">${item}, seed ${seed}, ${steps} steps</span></p>
<div class="lines">${scalars.map((scalar) => line(scalar, steps))}</div>
<div class="strip">${pictures.map(shot)}</div></div>`,
)}`;
}

function shot({ name, step, png }: TracedPicture): Markup {
  return html`<figure><img class="pixels" alt="${name} at step ${step}" src="data:image/png;base64,${png.toString('base64')}"><figcaption>${name}, ${step}</figcaption></figure>`;
}

/** Of the drawing, in CSS pixels. */
const [WIDTH, HEIGHT, EDGE] = [300, 90, 3];

/** A line that is broken where a number is not finite. */
function line({ name, points }: TracedScalar, steps: number): Markup {
  const values = points.flatMap(([, value]) => value ?? []);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const x = (step: number) => EDGE + ((step - 1) / Math.max(steps - 1, 1)) * (WIDTH - 2 * EDGE);
  const y = (value: number) =>
    high === low ? HEIGHT / 2 : HEIGHT - EDGE - ((value - low) / (high - low)) * (HEIGHT - 2 * EDGE);
  let pen = 'M';
  const path = points.map(([step, value]) => {
    if (value === null) {
      pen = 'M';
      return '';
    }
    const piece = `${pen}${x(step).toFixed(1)} ${y(value).toFixed(1)}`;
    pen = 'L';
    return piece;
  });
  const lost = points.find(([, value]) => value === null);
  const last = values.at(-1);
  const said =
    last === undefined
      ? 'never a finite number'
      : `${short(values[0]!)} to ${short(last)}; least ${short(low)}, most ${short(high)}`;
  const caption = `${said}${lost ? `; not finite from step ${lost[0]}` : ''}`;
  return html`<figure><svg width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${name}: ${caption}"><path d="${path.join('')}"/></svg><figcaption><b>${name}</b> ${caption}</figcaption></figure>`;
}

function short(value: number): string {
  return String(Number(value.toPrecision(4)));
}

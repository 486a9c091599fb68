import { html, type Markup } from '../../text/html.ts';
import { NAME } from '../../text/terminal.ts';
import { shorten } from '../../text/visible.ts';
import { type GalleryModel, isShown, type LostPicture, type Picture } from '../gallery-model.ts';
import { formatCount, formatFixed } from '../numbers.ts';

/** Width of the page's column less the image names, and bounds of a picture's width, in CSS pixels. */
const ROOM = 1020;
const [SMALLEST, LARGEST] = [84, 128];

/** Items by methods; a click opens the viewer (viewer.ts), which reads the pictures from this table. */
export function gallery(model: GalleryModel): Markup {
  const { columns, rows, seed, totalItems, totalMethods } = model;
  const methods = columns.filter(({ role }) => role === 'result').length;
  const shown =
    rows.length < totalItems
      ? `First ${rows.length} of ${formatCount(totalItems)} images, in the data set's order`
      : 'All images';
  const width = Math.max(SMALLEST, Math.min(LARGEST, Math.floor(ROOM / columns.length) - 6));
  const metric = model.metrics[0];
  const below = metric ? `; below each its ${metric.title}${metric.unit ? ` in ${metric.unit}` : ''}` : '';
  const ofMethods =
    methods < totalMethods ? `; the first ${methods} of ${formatCount(totalMethods)} methods` : '';
  return html`<p class="note">${shown}${ofMethods}, seed ${seed}${below}. Stored 8-bit pixels, never rescaled in value. Click a picture to compare all methods on the same crop; below each stands how to come to all that is known of it.${rows.some(({ pictures }) => pictures.some((one) => isShown(one) && one.kernel)) ? ' Below a picture the blur kernel that was found with it, and the true one.' : ''}</p>
<div class="scroll"><table class="gallery" style="--picture: ${width}px" data-metrics="${JSON.stringify(model.metrics.map(({ title, better }) => ({ title, better })))}">
<thead><tr><th class="item"><span class="hidden">Image</span></th>${columns.map(
    ({ label, role, trivial }, i) =>
      html`<th scope="col" class="${role}${trivial ? ' trivial' : ''}${isLastBefore(i, model) ? ' edge' : ''}" title="${label}">${shorten(label, NAME)}</th>`,
  )}</tr></thead>
<tbody>${rows.map(
    ({ item, pictures }) =>
      html`<tr data-item="${item}"><th class="item" scope="row">${item}</th>${pictures.map((picture, i) => cell(picture, i, item, model))}</tr>`,
  )}</tbody></table></div>${lostPictures(model)}`;
}

/** Whether the methods' columns begin behind this one. */
function isLastBefore(i: number, { columns }: GalleryModel): boolean {
  return columns[i]!.role !== 'result' && columns[i + 1]?.role === 'result';
}

/** The most that are named below a gallery. */
const MAX_LOST = 4;

function lostPictures({ rows }: GalleryModel): Markup | null {
  const lost = rows.flatMap(({ pictures }) =>
    pictures.flatMap((picture) => (picture && !isShown(picture) ? [picture.problem] : [])),
  );
  if (lost.length === 0) return null;
  const others = lost.length > MAX_LOST ? [`and ${lost.length - MAX_LOST} others`] : [];
  return html`<p class="note">No picture: ${[...lost.slice(0, MAX_LOST), ...others].join('; ')}.</p>`;
}

function cell(
  picture: Picture | LostPicture | null,
  column: number,
  item: string,
  model: GalleryModel,
): Markup {
  const { metrics, columns } = model;
  const { label } = columns[column]!;
  const edge = isLastBefore(column, model) ? html` class="edge"` : null;
  if (!picture) return html`<td${edge}><div class="missing">no picture</div></td>`;
  if (!isShown(picture))
    return html`<td${edge} data-cell="${picture.cell}"><div class="missing" title="${picture.problem}">${picture.instead}</div></td>`;
  const { cell: key, png, width, values, words, kernel } = picture;
  const named = metrics.map(({ title, unit, digits }, i) => {
    const value = values?.[i] ?? null;
    return value === null ? null : `${title} ${formatFixed(value, digits)}${unit ? ` ${unit}` : ''}`;
  });
  const all = named.filter((text) => text !== null).join(', ');
  const first = values?.[0] ?? null;
  return html`<td${edge}${key && html` data-cell="${key}"`}><button type="button" title="${label}, ${item}${all && `: ${all}`}"><img decoding="async" class="${width <= LARGEST ? 'pixels' : ''}" alt="${label} of ${item}" src="data:image/png;base64,${png.toString('base64')}"></button>${kernel && html`<img class="pixels kernel" alt="kernel of ${label}, ${item}" title="kernel, its largest value white" src="data:image/png;base64,${kernel.toString('base64')}">`}${words === null ? null : html`<p class="words">${words}</p>`}<span class="score" data-all="${all}" data-values="${values && JSON.stringify(values)}">${first === null ? '' : formatFixed(first, metrics[0]!.digits)}</span></td>`;
}

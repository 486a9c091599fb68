import { html } from '../../text/html.ts';
import { CELLS_AT, SHORT_KEY } from './cell-ref.ts';

/**
 * The zoom overlay: one panel a method, all on the same crop; or two of them under one slider. Filled by `viewerScript` from
 * the clicked gallery row.
 */
export const viewerDialog = html`<dialog id="viewer" aria-label="Compare methods">
<div class="bar"><strong id="viewer-item"></strong><span class="modes"><button type="button" id="viewer-slider" aria-pressed="false">A | B <kbd>S</kbd></button><button type="button" id="viewer-errors" aria-pressed="false">errors <kbd>E</kbd></button></span><span class="keys"><kbd>←</kbd> <kbd>→</kbd> image <kbd>+</kbd> <kbd>−</kbd> <kbd>0</kbd> zoom, drag to move, hold <kbd>T</kbd> for the truth everywhere</span><button type="button" id="viewer-close" aria-label="Close">✕</button></div>
<div id="sides" hidden><label>A <select id="side-a"></select></label><input type="range" id="divide" min="0" max="100" value="50" aria-label="Where A ends and B begins, per cent"><label>B <select id="side-b"></select></label></div>
<div id="panels"></div>
<p id="error-scale" hidden>Distance to the truth, mean over the channels: <span></span> 0 to 64 of 255, in every picture.</p>
</dialog>`;

/** Runs in the reader's browser; plain script, no network, no dependencies. */
export const viewerScript = `
(() => {
  const $ = (id) => document.getElementById(id);
  const root = document.documentElement;
  $('theme').onclick = () => {
    const dark = root.dataset.theme ? root.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
    root.dataset.theme = dark ? 'light' : 'dark';
  };

  const viewer = $('viewer'), panels = $('panels');
  const cellsAt = document.querySelector('meta[name=${CELLS_AT}]')?.content;
  let row, shown = [], chosen = 0, zoom = 1, x = 0.5, y = 0.5, errors = false, slider = false;

  function place() {
    const half = 0.5 / zoom;
    x = Math.min(1 - half, Math.max(half, x));
    y = Math.min(1 - half, Math.max(half, y));
    for (const img of panels.querySelectorAll('img')) {
      const size = img.parentElement.clientWidth;
      img.style.transform = 'scale(' + zoom + ') translate(' + (0.5 - x) * 100 + '%,' + (0.5 - y) * 100 + '%)';
      img.style.imageRendering = size * zoom >= img.naturalWidth ? 'pixelated' : 'auto';
    }
  }

  function show(next) {
    row = next;
    const labels = [...row.closest('table').querySelectorAll('thead th')].slice(1);
    $('viewer-item').textContent = row.dataset.item;
    shown = [...row.querySelectorAll('td')].flatMap((td, i) => {
      const source = td.querySelector('img');
      return source ? [{ i, label: labels[i].textContent, source, cell: td.dataset.cell, all: td.querySelector('.score').dataset.all }] : [];
    });
    if (!viewer.open) viewer.showModal();
    draw();
  }

  function draw() {
    $('sides').hidden = !slider;
    $('error-scale').hidden = !errors;
    $('viewer-slider').ariaPressed = slider;
    $('viewer-errors').ariaPressed = errors;
    if (slider) drawSlider();
    else panels.replaceChildren(...shown.map((one) => {
      const [figure, frame] = panel(one.label, one.all, one.cell);
      figure.className = one.i === chosen ? 'chosen' : '';
      frame.append(picture(one));
      return figure;
    }));
    fit();
  }

  function panel(label, all, cell) {
    const figure = document.createElement('figure'), frame = document.createElement('div');
    const caption = document.createElement('figcaption'), name = document.createElement('b');
    name.textContent = label;
    caption.append(name, ' ', all);
    if (cell) caption.append(cellRef(cell));
    figure.append(frame, caption);
    return [figure, frame];
  }

  // The cell's page where it has one, else the command that writes it; a click chooses all of it, to be copied.
  function cellRef(key) {
    const code = document.createElement('code'), short = key.slice(0, ${SHORT_KEY});
    code.className = 'command';
    if (cellsAt === undefined) {
      code.textContent = 'tweedie show ' + short + ' --html cell.html';
      return code;
    }
    const link = document.createElement('a');
    link.href = cellsAt.replace('*', key);
    code.textContent = short;
    link.append(code);
    return link;
  }

  function picture({ source }) {
    const img = new Image();
    img.src = errors ? errorMap(source) ?? source.src : source.src;
    img.alt = source.alt; img.dataset.own = img.src; img.draggable = false;
    return img;
  }

  function drawSlider() {
    const at = (select, otherwise) => {
      const value = select.value === '' ? otherwise : Number(select.value);
      return shown.find(({ i }) => i === value) ?? shown[0];
    };
    const sides = [$('side-a'), $('side-b')];
    const [a, b] = [at(sides[0], 0), at(sides[1], chosen)];
    for (const [k, side] of [a, b].entries())
      sides[k].replaceChildren(...shown.map(({ i, label }) => new Option(label, i, false, i === side.i)));
    const [figure, frame] = panel(a.label + ' | ' + b.label, '');
    const over = document.createElement('div');
    over.className = 'over';
    over.append(picture(b));
    frame.append(picture(a), over);
    panels.replaceChildren(figure);
    divide();
  }

  function divide() {
    const over = panels.querySelector('.over');
    if (over) over.style.clipPath = 'inset(0 0 0 ' + $('divide').value + '%)';
  }

  // The scale is fixed, so that two pictures' maps compare. A measurement of another size has none.
  function errorMap(source) {
    const truth = shown[0].source;
    const { naturalWidth: width, naturalHeight: height } = truth;
    if (source.naturalWidth !== width || source.naturalHeight !== height) return null;
    const [a, b] = [truth, source].map((img) => pixels(img, width, height));
    const canvas = document.createElement('canvas');
    canvas.width = width; canvas.height = height;
    const context = canvas.getContext('2d'), map = context.createImageData(width, height);
    for (let i = 0; i < map.data.length; i += 4) {
      const distance = (Math.abs(a[i] - b[i]) + Math.abs(a[i + 1] - b[i + 1]) + Math.abs(a[i + 2] - b[i + 2])) / 3;
      const heat = Math.min(1, distance / 64);
      map.data[i] = 255 * Math.min(1, 3 * heat);
      map.data[i + 1] = 255 * Math.min(1, Math.max(0, 3 * heat - 1));
      map.data[i + 2] = 255 * Math.min(1, Math.max(0, 3 * heat - 2));
      map.data[i + 3] = 255;
    }
    context.putImageData(map, 0, 0);
    return canvas.toDataURL();
  }

  function pixels(img, width, height) {
    const canvas = document.createElement('canvas');
    canvas.width = width; canvas.height = height;
    const context = canvas.getContext('2d', { willReadFrequently: true });
    context.drawImage(img, 0, 0);
    return context.getImageData(0, 0, width, height).data;
  }

  // As many columns as give the largest square panels on this screen.
  function fit() {
    const n = panels.children.length, box = panels.getBoundingClientRect();
    let best = [0, 1];
    for (let columns = 1; columns <= n; columns++) {
      const size = Math.min(box.width / columns - 14, box.height / Math.ceil(n / columns) - 52);
      if (size > best[0]) best = [size, columns];
    }
    panels.style.gridTemplateColumns = 'repeat(' + best[1] + ',' + Math.floor(best[0]) + 'px)';
    place();
  }

  function truth(on) {
    for (const img of panels.querySelectorAll('img')) img.src = on ? shown[0].source.src : img.dataset.own;
  }

  function zoomBy(factor) { zoom = Math.min(16, Math.max(1, zoom * factor)); place(); }
  function toSlider() { slider = !slider; draw(); }
  function toErrors() { errors = !errors; draw(); }

  document.addEventListener('click', (event) => {
    const button = event.target.closest('.gallery button');
    if (!button) return;
    const td = button.closest('td');
    chosen = td.cellIndex - 1; zoom = 1; x = y = 0.5;
    $('side-a').replaceChildren(); $('side-b').replaceChildren();
    show(td.parentElement);
  });
  $('viewer-close').onclick = () => viewer.close();
  $('viewer-slider').onclick = toSlider;
  $('viewer-errors').onclick = toErrors;
  $('divide').oninput = divide;
  $('side-a').onchange = $('side-b').onchange = draw;
  addEventListener('resize', () => { if (viewer.open) fit(); });
  viewer.addEventListener('keydown', (event) => {
    if (event.target.closest('#sides')) return;
    if (event.key === 'ArrowRight' && row.nextElementSibling) show(row.nextElementSibling);
    else if (event.key === 'ArrowLeft' && row.previousElementSibling) show(row.previousElementSibling);
    else if (event.key === '+' || event.key === '=') zoomBy(1.5);
    else if (event.key === '-') zoomBy(1 / 1.5);
    else if (event.key === '0') { zoom = 1; place(); }
    else if (event.key === 's' || event.key === 'S') toSlider();
    else if (event.key === 'e' || event.key === 'E') toErrors();
    else if (event.key === 't' || event.key === 'T') truth(true);
    else return;
    event.preventDefault();
  });
  viewer.addEventListener('keyup', (event) => { if (event.key === 't' || event.key === 'T') truth(false); });
  panels.addEventListener('wheel', (event) => { event.preventDefault(); zoomBy(event.deltaY < 0 ? 1.2 : 1 / 1.2); }, { passive: false });
  let drag = null;
  panels.addEventListener('pointerdown', (event) => {
    const frame = event.target.closest('figure > div');
    if (!frame) return;
    drag = { size: frame.clientWidth * zoom, px: event.clientX, py: event.clientY, x, y };
    panels.setPointerCapture(event.pointerId);
  });
  panels.addEventListener('pointermove', (event) => {
    if (!drag) return;
    x = drag.x - (event.clientX - drag.px) / drag.size;
    y = drag.y - (event.clientY - drag.py) / drag.size;
    place();
  });
  panels.addEventListener('pointerup', () => { drag = null; });
})();
`;

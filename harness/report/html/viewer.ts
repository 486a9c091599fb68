import { html } from '../../text/html.ts';

/** The zoom overlay: one panel a method, all on the same crop. Filled by `viewerScript` from the clicked gallery row. */
export const viewerDialog = html`<dialog id="viewer" aria-label="Compare methods">
<div class="bar"><strong id="viewer-item"></strong><span class="keys"><kbd>←</kbd> <kbd>→</kbd> image <kbd>+</kbd> <kbd>−</kbd> <kbd>0</kbd> zoom, drag to move, hold <kbd>T</kbd> for the truth everywhere</span><button type="button" id="viewer-close" aria-label="Close">✕</button></div>
<div id="panels"></div>
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
  let row, chosen = 0, zoom = 1, x = 0.5, y = 0.5;

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
    panels.replaceChildren(...[...row.querySelectorAll('td')].flatMap((td, i) => {
      const source = td.querySelector('img');
      if (!source) return [];
      const figure = document.createElement('figure'), frame = document.createElement('div'), img = new Image();
      const caption = document.createElement('figcaption'), name = document.createElement('b');
      img.src = source.src; img.alt = source.alt; img.dataset.own = source.src; img.draggable = false;
      frame.append(img);
      name.textContent = labels[i].textContent;
      caption.append(name, ' ', td.querySelector('.score').dataset.all);
      figure.className = i === chosen ? 'chosen' : '';
      figure.append(frame, caption);
      return [figure];
    }));
    if (!viewer.open) viewer.showModal();
    fit();
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
    const first = panels.querySelector('img');
    for (const img of panels.querySelectorAll('img')) img.src = on ? first.dataset.own : img.dataset.own;
  }

  function zoomBy(factor) { zoom = Math.min(16, Math.max(1, zoom * factor)); place(); }

  for (const button of document.querySelectorAll('.gallery button')) {
    button.onclick = () => {
      const td = button.closest('td');
      chosen = td.cellIndex - 1; zoom = 1; x = y = 0.5;
      show(td.parentElement);
    };
  }
  $('viewer-close').onclick = () => viewer.close();
  addEventListener('resize', () => { if (viewer.open) fit(); });
  viewer.addEventListener('keydown', (event) => {
    if (event.key === 'ArrowRight' && row.nextElementSibling) show(row.nextElementSibling);
    else if (event.key === 'ArrowLeft' && row.previousElementSibling) show(row.previousElementSibling);
    else if (event.key === '+' || event.key === '=') zoomBy(1.5);
    else if (event.key === '-') zoomBy(1 / 1.5);
    else if (event.key === '0') { zoom = 1; place(); }
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

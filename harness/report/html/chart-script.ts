import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { drawingScript } from '../charts/draw-script.ts';
import { palettes } from '../charts/palette.ts';

/** Chart.js as one script, without the address of its source map: a report asks for nothing outside itself. */
function library(): string {
  const require = createRequire(import.meta.url);
  const file = join(dirname(require.resolve('chart.js')), 'chart.umd.min.js');
  return readFileSync(file, 'utf8').replace(/^\/\/# sourceMappingURL=.*$/m, '');
}

/**
 * Runs in the reader's browser: puts a live chart in the place of each drawn one when it comes into view, and again in
 * the other colours when the theme changes. Where it cannot, the picture stays.
 */
export const chartScript = `
${library()}
(() => {
${drawingScript}
  const palettes = ${JSON.stringify(palettes)};
  const root = document.documentElement, dark = matchMedia('(prefers-color-scheme: dark)');
  const live = new Map();
  const theme = () => root.dataset.theme || (dark.matches ? 'dark' : 'light');

  function draw(plot) {
    live.get(plot)?.destroy();
    const layout = JSON.parse(plot.dataset.layout);
    const config = layoutConfig(layout, palettes[theme()]);
    Object.assign(config.options, { responsive: true, maintainAspectRatio: false });
    delete config.options.devicePixelRatio;
    live.set(plot, new Chart(plot.querySelector('canvas'), config));
  }

  function show(plot) {
    const { height } = JSON.parse(plot.dataset.layout);
    const box = document.createElement('div'), canvas = document.createElement('canvas');
    box.className = 'live';
    box.style.cssText = 'position: relative; height: ' + height + 'px';
    canvas.setAttribute('role', 'img');
    canvas.setAttribute('aria-label', plot.dataset.says);
    box.append(canvas);
    plot.append(box);
    plot.classList.add('drawn');
    try {
      draw(plot);
    } catch (error) {
      plot.classList.remove('drawn');
      box.remove();
      throw error;
    }
  }

  const watch = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      if (!isIntersecting) continue;
      watch.unobserve(target);
      show(target);
    }
  }, { rootMargin: '200px' });
  for (const plot of document.querySelectorAll('.plot')) watch.observe(plot);
  const redraw = () => { for (const plot of live.keys()) draw(plot); };
  new MutationObserver(redraw).observe(root, { attributeFilter: ['data-theme'] });
  dark.addEventListener('change', redraw);
})();
`;

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** Inter's latin subset (woff2, SIL Open Font License) from npm; null where the package is not installed. */
function interFile(weight: 400 | 600): string | null {
  try {
    return require.resolve(`@fontsource/inter/files/inter-latin-${weight}-normal.woff2`);
  } catch {
    return null;
  }
}

/** The faces as CSS with the files inside, so that a report reads the same on every machine. */
export function fontFaces(): string {
  return ([400, 600] as const)
    .flatMap((weight) => {
      const file = interFile(weight);
      if (!file) return [];
      const source = `data:font/woff2;base64,${readFileSync(file).toString('base64')}`;
      return `@font-face { font-family: Inter; font-weight: ${weight}; src: url("${source}") format("woff2"); }\n`;
    })
    .join('');
}

/** The library behind the `canvas` of chartjs-node-canvas, the very one: fonts are registered with one copy only. */
export function nativeCanvas(): typeof import('@napi-rs/canvas') {
  const canvas = createRequire(require.resolve('chartjs-node-canvas')).resolve('canvas');
  return createRequire(canvas)('@napi-rs/canvas');
}

/** Makes Inter known to the canvas that charts are drawn on: a bare server has no font, and its charts no text. */
export function registerChartFont(): void {
  const file = interFile(400);
  const { GlobalFonts } = nativeCanvas();
  if (file && !GlobalFonts.has('Inter')) GlobalFonts.registerFromPath(file, 'Inter');
}

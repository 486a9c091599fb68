import { uniforms } from '../../engine/random.ts';
import { UserError } from '../../errors.ts';
import { distanceToPolyline, type Point } from './polyline.ts';
import { between, type Uniforms, wholeBetween } from './sampling.ts';

const ATTEMPTS = 1000;
/** Of as many trial masks: a range that so few meet would be missed by all attempts of some picture sooner or later. */
const [TRIALS, HITS] = [1000, 10];
/** Shares hardly depend on the size, and small masks are quickly painted. */
const TRIAL_SIDE = 48;

/**
 * A free-form mask, row-major, 1 = observed: brush strokes (thick poly-lines with round joints) are painted as missing
 * until they cover at least `minCoverage` of the pixels; a mask that then exceeds `maxCoverage` is drawn anew.
 * Strokes have 2 to 6 segments of 8 to 25 % and a thickness of 6 to 15 % of the shorter side.
 * @throws UserError if the range is so narrow that 1000 masks missed it.
 */
export function brushMask(
  height: number,
  width: number,
  coverage: { min: number; max: number },
  next: Uniforms,
): Float32Array {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const mask = drawMask(height, width, coverage, next);
    if (mask) return mask;
  }
  throw new UserError(
    `free-form-inpainting: ${ATTEMPTS} masks of ${height}x${width} pixels missed the coverage ${coverage.min} to ${coverage.max}, expected a wider range`,
  );
}

const answers = new Map<string, boolean>();

/** Whether masks of this coverage are found with ease, as far as trials tell; asked of every batch, tried once. */
export function isFound(height: number, width: number, coverage: { min: number; max: number }): boolean {
  const question = `${height} ${width} ${coverage.min} ${coverage.max}`;
  const answer = answers.get(question) ?? tryMasks(height, width, coverage);
  answers.set(question, answer);
  return answer;
}

function tryMasks(height: number, width: number, coverage: { min: number; max: number }): boolean {
  const pixels = height * width;
  if (Math.ceil(coverage.min * pixels) > Math.floor(coverage.max * pixels)) return false;
  const scale = Math.min(1, TRIAL_SIDE / Math.min(height, width));
  const [h, w] = [Math.round(height * scale), Math.round(width * scale)];
  const next = uniforms({ seed: 0, role: 'operator', image: 'trial', draw: 0 });
  let hits = 0;
  for (let trial = 0; trial < TRIALS && hits < HITS; trial++) if (drawMask(h, w, coverage, next)) hits++;
  return hits === HITS;
}

/** null: its last stroke was too much. */
function drawMask(
  height: number,
  width: number,
  { min, max }: { min: number; max: number },
  next: Uniforms,
): Float32Array | null {
  const mask = new Float32Array(height * width).fill(1);
  let missing = 0;
  while (missing < min * mask.length) missing += paint(mask, height, width, next);
  return missing <= max * mask.length ? mask : null;
}

/** Paints one stroke as 0 and returns the number of pixels that it newly covers. */
function paint(mask: Float32Array, height: number, width: number, next: Uniforms): number {
  const side = Math.min(height, width);
  const radius = between(next, 0.03, 0.075) * side;
  const stroke = brushStroke(height, width, next);
  let covered = 0;
  for (let i = 0; i < mask.length; i++) {
    const pixel = { x: (i % width) + 0.5, y: Math.floor(i / width) + 0.5 };
    if (mask[i] === 1 && distanceToPolyline(pixel, stroke) <= radius) {
      mask[i] = 0;
      covered++;
    }
  }
  return covered;
}

function brushStroke(height: number, width: number, next: Uniforms): Point[] {
  const side = Math.min(height, width);
  let point = { x: between(next, 0, width), y: between(next, 0, height) };
  let angle = between(next, 0, 2 * Math.PI);
  const stroke = [point];
  for (let segments = wholeBetween(next, 2, 7); segments > 0; segments--) {
    angle += between(next, -Math.PI / 2, Math.PI / 2);
    const length = between(next, 0.08, 0.25) * side;
    point = { x: point.x + length * Math.cos(angle), y: point.y + length * Math.sin(angle) };
    stroke.push(point);
  }
  return stroke;
}

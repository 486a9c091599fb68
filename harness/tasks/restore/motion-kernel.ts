import { blurMatrix, gaussianKernel } from '../../operators/gaussian-blur.ts';
import { type Matrix, multiply, transpose } from '../../operators/matrix.ts';
import { lanczos, resizeMatrix } from '../../operators/resize-matrix.ts';
import { distanceToPolyline, type Point } from './polyline.ts';
import { beta, between, triangular, type Uniforms } from './sampling.ts';

/** Keeps steps and angles from vanishing (the package's constant). */
const EPS = 0.1;

/**
 * A random motion-blur kernel of size x size, row-major, non-negative with sum 1. The path and its constants are those
 * of LeviBorodenko/motionblur; drawing is our own: an anti-aliased line, an exact Gaussian blur and an
 * antialiased Lanczos reduction stand for Pillow's, so kernels agree with the package's in distribution, not in bits.
 * @param intensity 0 (straight) .. 1 (shaken)
 */
export function motionKernel(size: number, intensity: number, next: Uniforms): Float64Array {
  const canvas = 2 * size;
  const diagonal = Math.SQRT2 * canvas;
  const line = motionPath(canvas, diagonal, intensity, next);
  const width = Math.max(1, Math.floor(diagonal / 150));
  const blurRadius = Math.floor(0.01 * diagonal);
  const drawn: Matrix = {
    rows: canvas,
    columns: canvas,
    data: Float64Array.from({ length: canvas * canvas }, (_, i) => {
      const pixel = { x: (i % canvas) + 0.5, y: Math.floor(i / canvas) + 0.5 };
      return Math.min(1, Math.max(0, width / 2 + 0.5 - distanceToPolyline(pixel, line)));
    }),
  };
  const reduce = resizeMatrix(canvas, size, lanczos);
  const finish =
    blurRadius === 0 ? reduce : multiply(reduce, blurMatrix(gaussianKernel(canvas - 1, blurRadius), canvas));
  const kernel = multiply(multiply(finish, drawn), transpose(finish)).data.map((value) => Math.max(0, value));
  const sum = kernel.reduce((total, value) => total + value, 0);
  return kernel.map((value) => value / sum);
}

function motionPath(canvas: number, diagonal: number, intensity: number, next: Uniforms): Point[] {
  const longest = 0.75 * diagonal * (next() + between(next, 0, intensity ** 2));
  const steps: number[] = [];
  for (let total = 0; total < longest; ) {
    const step = beta(next, 1, 30) * (1 - intensity + EPS) * diagonal;
    if (step < longest) {
      steps.push(step);
      total += step;
    }
  }
  const maxAngle = between(next, 0, intensity * Math.PI);
  const jitter = beta(next, 2, 20);
  let angle = between(next, -maxAngle, maxAngle);
  let [x, y] = [0, 0];
  const path = steps.map((step, i) => {
    if (i > 0) {
      const turn = triangular(next, 0, intensity * maxAngle, maxAngle + EPS);
      const flips = next() < jitter;
      angle = Math.sign(angle) * turn * (flips ? -1 : 1);
    }
    x += step * Math.cos(angle);
    y += step * Math.sin(angle);
    return { x, y };
  });
  const centre = { x: mean(path.map((p) => p.x)), y: mean(path.map((p) => p.y)) };
  const rotation = between(next, 0, Math.PI);
  const [cosine, sine] = [Math.cos(rotation), Math.sin(rotation)];
  return path.map((p) => ({
    x: canvas / 2 + cosine * (p.x - centre.x) - sine * (p.y - centre.y),
    y: canvas / 2 + sine * (p.x - centre.x) + cosine * (p.y - centre.y),
  }));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

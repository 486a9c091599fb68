/** A point in pixels: x to the right, y down, pixel centres at whole numbers plus a half. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Distance of a point from a poly-line with at least one vertex. */
export function distanceToPolyline(p: Point, line: readonly Point[]): number {
  let nearest = Math.hypot(p.x - line[0]!.x, p.y - line[0]!.y);
  for (let i = 1; i < line.length; i++)
    nearest = Math.min(nearest, distanceToSegment(p, line[i - 1]!, line[i]!));
  return nearest;
}

function distanceToSegment(p: Point, a: Point, b: Point): number {
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  const length = dx * dx + dy * dy;
  const along = length === 0 ? 0 : ((p.x - a.x) * dx + (p.y - a.y) * dy) / length;
  const t = Math.min(1, Math.max(0, along));
  return Math.hypot(p.x - a.x - t * dx, p.y - a.y - t * dy);
}

import type { AxisRange, ChartKind } from '../../identity/chart-ref.ts';

/** How a series is coloured: as its method everywhere in a report, by a number in [0,1], or as a baseline or guide. */
export type Look = { readonly method: number } | { readonly shade: number } | 'muted';

/** What an axis shows. Its values are numbers; `categories` gives names to 0, 1, 2, ... */
export interface Axis {
  readonly title: string;
  /** Head of its column in the chart's data. */
  readonly name: string;
  /** Decimals of its numbers; null: four significant digits. */
  readonly digits: number | null;
  readonly range: AxisRange;
  /** Where values of failures lie, which may leave the axis; null: all stay. */
  readonly worse: 'low' | 'high' | null;
  /** Whether positive values of a wide range make it logarithmic where nobody has said. */
  readonly mayBeLog: boolean;
  /** Whether values are read along it: it has grid lines. */
  readonly isRead: boolean;
  /** The only places for ticks. */
  readonly ticks?: readonly number[];
  readonly categories?: readonly string[];
  /** First value on top. */
  readonly reversed?: boolean;
  /** What it must reach beside its points. */
  readonly holds?: readonly number[];
  /** No ticks, no title. */
  readonly hidden?: boolean;
}

/** Both coordinates with their 95 % intervals, NaN or left out where there is none. */
export interface Point {
  readonly x: number;
  readonly y: number;
  readonly xLow?: number;
  readonly xHigh?: number;
  readonly yLow?: number;
  readonly yHigh?: number;
  /** Written beside it. */
  readonly name?: string;
  /** Said of it on hover where its series does not say it. */
  readonly detail?: string;
}

export interface Series {
  readonly label: string;
  readonly look: Look;
  readonly line: 'solid' | 'dashed' | 'none';
  readonly points: readonly Point[];
  /** A line without marks, from edge to edge where its ends are infinite: a level, a front, a diagonal. */
  readonly isGuide?: boolean;
  readonly inLegend: boolean;
}

/** A text in the picture. */
export interface Remark {
  readonly x: number;
  readonly y: number;
  readonly text: string;
}

/** A chart's numbers as a table: what its CSV file and the page below it hold. */
export interface FigureData {
  readonly head: readonly string[];
  readonly rows: readonly (readonly (string | number | null)[])[];
}

/** One chart: what is drawn, said and written of it. Numbers are as computed; layout.ts makes them fit a picture. */
export interface Figure {
  readonly kind: ChartKind | 'dots';
  /** A few words: names files. */
  readonly title: string;
  readonly caption: string;
  /** Height of the drawing in CSS pixels. */
  readonly height: number;
  readonly x: Axis;
  readonly y: Axis;
  readonly series: readonly Series[];
  readonly remarks?: readonly Remark[];
  /** Where the points' coordinates are not the numbers. */
  readonly data?: FigureData;
}

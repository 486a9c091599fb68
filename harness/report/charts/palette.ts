export type Theme = 'light' | 'dark';

/** Colours and letters of a chart on a transparent ground; the page's own style uses the same ones (html/style.ts). */
export interface Palette {
  readonly ink: string;
  readonly muted: string;
  readonly rule: string;
  /** Where a scale of shades begins; it ends at the first of the series. */
  readonly faint: string;
  /** Methods in order; told apart by the common forms of colour blindness (test/report/palette.test.ts). */
  readonly series: readonly string[];
  readonly font: string;
}

const font = 'Inter, "Helvetica Neue", Arial, "Liberation Sans", "DejaVu Sans", sans-serif';

export const palettes: Readonly<Record<Theme, Palette>> = {
  light: {
    ink: '#1d1d1f',
    muted: '#6b6a67',
    rule: '#e4e2dc',
    faint: '#d5d2c8',
    series: ['#1f5fbf', '#8d160d', '#03a566', '#c04f90', '#9f830b', '#172b4a'],
    font,
  },
  dark: {
    ink: '#ecebe7',
    muted: '#9b9a95',
    rule: '#34343a',
    faint: '#45454d',
    series: ['#7cb0ff', '#a7672b', '#19faa3', '#bb1595', '#f0eb2c', '#cdfbfe'],
    font,
  },
};

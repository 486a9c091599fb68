export type Theme = 'light' | 'dark';

/** Colours of a chart on a transparent ground; the page's own style uses the same ones (html/style.ts). */
export interface Palette {
  readonly ink: string;
  readonly muted: string;
  readonly rule: string;
  /** Series in order; told apart by the common forms of colour blindness. */
  readonly series: readonly string[];
}

export const palettes: Readonly<Record<Theme, Palette>> = {
  light: {
    ink: '#1d1d1f',
    muted: '#6b6a67',
    rule: '#e4e2dc',
    series: ['#1f5fbf', '#c2410c', '#0f7b6c', '#8b3fa8', '#a16207', '#3f3f46'],
  },
  dark: {
    ink: '#ecebe7',
    muted: '#9b9a95',
    rule: '#34343a',
    series: ['#7cb0ff', '#ff9b66', '#4fd1b5', '#d69cf0', '#e5b94f', '#c4c4cc'],
  },
};

import type { Figure } from './figure.ts';

/** What a chart's files are called, without their ending: letters, digits and dashes of what it shows. */
export function fileName({ kind, title }: Pick<Figure, 'kind' | 'title'>): string {
  const words = `${kind}-${title}`.normalize('NFKD').replace(/[^A-Za-z0-9]+/g, '-');
  return words.replace(/^-|-$/g, '').slice(0, 80);
}

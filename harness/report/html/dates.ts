/** 2026-11-21 22:41 UTC: the same on every machine. */
export function formatDate(date: Date): string {
  return `${date.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

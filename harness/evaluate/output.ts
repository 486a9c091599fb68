import type { OutputKind } from '../output-file.ts';
import type { EvaluatedMetric, Evaluation } from './evaluate.ts';

/** How scores are written, by the file's extension. */
export const scoreFormats = {
  json: { text: jsonScores, output: { name: 'scores', begins: /^\{\s*"generated":/ } },
  csv: { text: csvScores, output: { name: 'scores', begins: /^image,metric,version,value,/ } },
} as const satisfies Record<
  string,
  { text: (evaluation: Evaluation) => Iterable<string>; output: OutputKind }
>;

/** One document: folders, metrics with their protocols, one line a pair. */
function* jsonScores(evaluation: Evaluation): Generator<string> {
  const { pairs, ...head } = evaluation;
  const text = JSON.stringify(portable(head), null, 2);
  yield `${text.slice(0, -2)},\n  "pairs": [`;
  for (const [i, pair] of pairs.entries())
    yield `${i === 0 ? '' : ','}\n    ${JSON.stringify(portable(pair))}`;
  yield `${pairs.length > 0 ? '\n  ' : ''}]\n}\n`;
}

/** A line a number (RFC 4180): first each metric's for the folder, then each pair's; every line with its protocol. */
function* csvScores({ metrics, pairs }: Evaluation): Generator<string> {
  yield `${['image', 'metric', 'version', 'value', 'standard_error', 'pictures', 'fingerprint', 'protocol'].join(',')}\n`;
  for (const metric of metrics) {
    yield csvLine('', metric, metric.value, metric.standardError ?? '', metric.pictures);
  }
  for (const { name, values } of pairs) {
    for (const metric of metrics) {
      const value = values[metric.name];
      if (value !== undefined) yield csvLine(name, metric, value, '', 1);
    }
  }
}

function csvLine(
  image: string,
  { name, version, fingerprint, protocol }: EvaluatedMetric,
  value: number,
  standardError: number | '',
  pictures: number,
): string {
  const fields = [
    image,
    name,
    version,
    value,
    standardError,
    pictures,
    fingerprint,
    JSON.stringify(protocol),
  ];
  return `${fields.map((field) => quote(String(field))).join(',')}\n`;
}

/** A name that a spreadsheet would take for a formula is quoted with an apostrophe, as `tweedie export` does. */
function quote(text: string): string {
  const safe = /^[=+@]|^-(?!\d)/.test(text) ? `'${text}` : text;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** JSON has no infinity (the PSNR of equal pictures): it is written as text. */
function portable(value: unknown): unknown {
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (Array.isArray(value)) return value.map(portable);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, portable(inner)]));
}

import type { OutputKind } from '../output-file.ts';
import { csvLine } from '../text/csv.ts';
import { jsonText } from '../text/json.ts';
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
  const text = jsonText(portable(head), 2);
  yield `${text.slice(0, -2)},\n  "pairs": [`;
  for (const [i, pair] of pairs.entries()) yield `${i === 0 ? '' : ','}\n    ${jsonText(portable(pair))}`;
  yield `${pairs.length > 0 ? '\n  ' : ''}]\n}\n`;
}

/** A line a number (RFC 4180): first each metric's for the folder, then each pair's; every line with its protocol. */
function* csvScores({ metrics, pairs }: Evaluation): Generator<string> {
  yield `${['image', 'metric', 'version', 'value', 'standard_error', 'pictures', 'fingerprint', 'protocol', 'infinite'].join(',')}\n`;
  for (const metric of metrics) {
    yield scoreLine('', metric, metric.value, metric.standardError, metric.pictures, metric.infinite);
  }
  for (const { name, values } of pairs) {
    for (const metric of metrics) {
      const value = values[metric.name];
      if (value !== undefined) yield scoreLine(name, metric, value, null, 1, Number.isFinite(value) ? 0 : 1);
    }
  }
}

function scoreLine(
  image: string,
  { name, version, fingerprint, protocol }: EvaluatedMetric,
  value: number,
  standardError: number | null,
  pictures: number,
  infinite: number,
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
    infinite,
  ];
  return `${csvLine(fields)}\n`;
}

/** JSON has no infinity (the PSNR of equal pictures): it is written as text. */
function portable(value: unknown): unknown {
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (Array.isArray(value)) return value.map(portable);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, portable(inner)]));
}

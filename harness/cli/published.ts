import Table from 'cli-table3';
import { UserError } from '../errors.ts';
import { nearest } from '../names.ts';
import { builtIn } from '../plan/built-in.ts';
import type { Figure, Paper } from '../published/paper.ts';
import { readPaper, shippedPapers } from '../published/read.ts';
import { MESSAGE, NAME, printable } from '../text/terminal.ts';
import type { Command } from './command.ts';
import type { GlobalOptions } from './options.ts';
import { say, sayJson } from './say.ts';

interface Options extends GlobalOptions, Partial<Record<Filter, string | undefined>> {
  paper: string | undefined;
  json: boolean;
}

type Filter = keyof typeof FILTERS;

/** The names of a figure by which it can be asked for: ours, and as printed. */
const FILTERS = {
  dataset: ({ dataset, datasetAsPrinted }: Figure) => [dataset, datasetAsPrinted],
  task: ({ task, taskAsPrinted }: Figure) => [task ?? taskAsPrinted, taskAsPrinted],
  method: ({ solver, method }: Figure) => [solver ?? method, method],
  metric: ({ family, metric }: Figure) => [family ?? metric, metric],
} as const;

/** What of a figure a filter asks, in its help. */
const ASKED: Readonly<Record<Filter, string>> = {
  dataset: 'Data set: ffhq, imagenet, ...',
  task: 'Task: super-resolution, ...; or as printed',
  method: 'Solver: dps, p2l, ...; or as printed',
  metric: 'psnr, ssim, lpips, fid, ...; or as printed',
};

const command: Command<Options> = {
  builder: (cli) => {
    const withPaper = cli.option('paper', {
      choices: shippedPapers(),
      requiresArg: true,
      describe: 'Figures of this paper only',
    });
    const filtered = (Object.keys(FILTERS) as Filter[]).reduce(
      (built, name) => built.option(name, { type: 'string', requiresArg: true, describe: ASKED[name] }),
      withPaper,
    );
    return filtered
      .option('json', { type: 'boolean', default: false, describe: 'Print one JSON document' })
      .example('$0 published', 'the papers, and how many figures are known of each')
      .example('$0 published --paper dps-2023 --task super-resolution', 'figures with what is known of them')
      .example('$0 published --method p2l --json', 'the same for a program') as never;
  },
  handler: ({ paper, json, ...asked }) => {
    const papers = (paper === undefined ? shippedPapers() : [paper]).map((id) => readPaper(id, builtIn));
    const found = matching(papers, asked);
    if (json) sayJson(found, 2);
    else if (paper === undefined && Object.keys(FILTERS).every((name) => asked[name as Filter] === undefined))
      say(papers.map(asSummary).join('\n\n'));
    else say(found.map(asTable).join('\n\n'));
  },
};
export default command;

/** The papers with those of their figures that all filters let through. @throws UserError where none is left */
function matching(papers: readonly Paper[], asked: Partial<Record<Filter, string | undefined>>): Paper[] {
  const found = (Object.keys(FILTERS) as Filter[]).reduce((left, filter) => {
    const value = asked[filter]?.toLowerCase();
    if (value === undefined) return left;
    const namesOf = (figure: Figure) => FILTERS[filter](figure).map((name) => name.toLowerCase());
    const kept = left.map((paper) => ({
      ...paper,
      figures: paper.figures.filter((figure) => namesOf(figure).includes(value)),
    }));
    if (kept.every(({ figures }) => figures.length === 0)) {
      const names = new Set(
        left.flatMap(({ figures }) => figures.map((figure) => FILTERS[filter](figure)[0]!)),
      );
      throw new UserError(`--${filter}: no figure of ${JSON.stringify(value)}: ${nearest(value, names)}`);
    }
    return kept;
  }, papers);
  return found.filter(({ figures }) => figures.length > 0);
}

function citation({ title, arxiv, venue }: Paper): string {
  return [title, `arXiv ${arxiv}`, venue].filter((part) => !part.endsWith('unknown')).join(', ');
}

function asSummary(paper: Paper): string {
  const { id, firstHand, figures, missing } = paper;
  const datasets = [...new Set(figures.map(({ dataset, resolution }) => `${dataset} ${resolution}`))];
  const hand = firstHand ? 'read in the text itself' : 'second-hand';
  const lines = [citation(paper), `${figures.length} figures, ${hand}; ${datasets.join(', ')}`];
  return [id, ...lines, ...(missing === null ? [] : [missing])]
    .map((line) => printable(line, MESSAGE))
    .join('\n  ');
}

function asTable(paper: Paper): string {
  const table = new Table({
    head: ['table', 'data set', 'task', 'method', 'metric', 'value', 'known of it'],
    colWidths: [24, null, 24, 24, null, null, 48],
    wordWrap: true,
    style: { head: [], border: [] },
  });
  for (const figure of paper.figures) {
    const { dataset, resolution, taskAsPrinted, method, metric, value } = figure;
    const cells = [figure.table, `${dataset} ${resolution}`, taskAsPrinted, method, metric, String(value)];
    table.push([...cells, knownOf(figure)].map((cell) => printable(cell, MESSAGE)));
  }
  const notes = [...new Set(paper.figures.flatMap(({ note, source }) => [source, ...(note ? [note] : [])]))];
  return [asSummary(paper), table.toString(), ...notes.map((note) => printable(note, MESSAGE))].join('\n');
}

/** The constants and the protocol, as far as they are known, in a few words. */
function knownOf({ params, protocol, nfe }: Figure): string {
  const facts = { ...params, ...protocol, nfe };
  const known = Object.entries(facts).filter(([, value]) => value !== 'unknown');
  const unknown = Object.keys(facts).filter((key) => facts[key as keyof typeof facts] === 'unknown');
  const told = known.map(([key, value]) => printable(`${key} ${value}`, NAME));
  return [...told, ...(unknown.length > 0 ? [`unknown: ${unknown.join(' ')}`] : [])].join(', ');
}

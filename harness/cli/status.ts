import { hostname } from 'node:os';
import Table from 'cli-table3';
import { failedCells, fromStore, hasNumbers } from '../report/from-store.ts';
import { terminalTable } from '../report/index.ts';
import type { ReportSource } from '../report/source.ts';
import { buildTables } from '../report/table-model.ts';
import { processOf } from '../scheduler/process-note.ts';
import { runAtWork } from '../scheduler/run-lock.ts';
import { jobsLine } from '../scheduler/slurm/follow.ts';
import { type ExperimentStatus, experimentNames, experimentStatus } from '../store/queries.ts';
import { experimentFile } from '../store/runs.ts';
import { closeStore, openStore, type Store } from '../store/store.ts';
import { nameIn, type Version, versionsOf } from '../store/versions.ts';
import { counted } from '../text/count.ts';
import { MESSAGE, NAME, printable } from '../text/terminal.ts';
import type { Command } from './command.ts';
import { jobsOf } from './jobs.ts';
import type { GlobalOptions } from './options.ts';
import { registriesOf } from './registries.ts';
import { resolveExperiment } from './resolve-experiment.ts';
import { say, sayJson } from './say.ts';
import { versionLines } from './version-lines.ts';

interface Options extends GlobalOptions {
  experiment: string | undefined;
  json: boolean;
}

interface Status extends ExperimentStatus {
  /** The process that is at work on it, and its machine; null: none. */
  runningPid: number | null;
  runningHost: string | null;
  /** `process 12` */
  running: string | null;
  /** Of the experiment; oldest first. */
  versions: readonly Version[];
}

const command: Command<Options> = {
  builder: (cli) =>
    cli
      .positional('experiment', { type: 'string', describe: 'Its name, or NAME@VERSION; all by default' })
      .option('json', {
        type: 'boolean',
        default: false,
        describe: 'Print one JSON document, with mean numbers so far',
      })
      .example('$0 status', 'every experiment in the results folder')
      .example('$0 status demo --json', 'one, with its failed cells, for a program'),
  handler: async ({ experiment, json, results }) => {
    const store = openStore(results, { create: false });
    try {
      const names =
        experiment === undefined ? experimentNames(store) : [resolveExperiment(store, experiment)];
      const statuses = names.map((name) => statusOf(store, name));
      if (json) {
        const experiments = await Promise.all(
          statuses.map(async (status) => ({
            ...status,
            failedCells: failedCells(store, status.name),
            jobs: await jobsOf(store.dir, nameIn(status.name)),
            means: hasNumbers(store, status.name) ? meansOf(await sourceOf(store, status.name)) : [],
          })),
        );
        sayJson({ results: store.dir, experiments }, 2);
        return;
      }
      say(asTable(statuses));
      for (const { name, versions } of statuses)
        if (name === nameIn(name)) for (const line of versionLines(versions)) say(line);
      for (const line of await jobLines(store.dir, statuses)) say(line);
      if (experiment === undefined) return;
      for (const name of names) {
        printFailures(store, name);
        if (hasNumbers(store, name)) say(`\n${terminalTable(await sourceOf(store, name))}`);
      }
    } finally {
      closeStore(store);
    }
  },
};
export default command;

async function sourceOf(store: Store, name: string): Promise<ReportSource> {
  const known = await registriesOf(experimentFile(store, name).configFile);
  return fromStore(store, name, known, new Date());
}

/** The mean numbers so far, one a method, setting and metric. */
function meansOf(source: ReportSource) {
  return buildTables(source).flatMap(({ task, taskParams, dataset, rows, columns }) =>
    rows.flatMap(({ method, cells }) =>
      cells.flatMap((cell, i) => {
        if (!cell) return [];
        const { key: methodKey, label, solver, prior } = method;
        const { mean, images, seeds, complete } = cell;
        const { metric, better } = columns[i]!;
        const of = { methodKey, label, solver, prior, task, taskParams, dataset, metric, better };
        return [{ ...of, mean: Number.isFinite(mean) ? mean : String(mean), images, seeds, complete }];
      }),
    ),
  );
}

function statusOf(store: Store, name: string): Status {
  const versions = versionsOf(store, nameIn(name));
  const isLast = name === nameIn(name) || versions.some(({ ref, isLast }) => isLast && ref === name);
  const run = isLast ? runAtWork(store.dir, nameIn(name)) : null;
  return {
    ...experimentStatus(store, name),
    runningPid: run?.main.pid ?? null,
    runningHost: run ? (run.host ?? hostname()) : null,
    running: run && processOf(run),
    versions,
  };
}

/** Of each experiment that has jobs, how far they are. */
async function jobLines(dir: string, statuses: readonly Status[]): Promise<string[]> {
  const lines = statuses.map(async (status) => {
    return (await jobsOf(dir, nameIn(status.name))).map(
      ({ submitted, elements, trouble }) =>
        `${nameIn(status.name)}: Slurm has its jobs of ${submitted}; elements: ${elements ? jobsLine(elements) : trouble}`,
    );
  });
  return (await Promise.all(lines)).flat();
}

function asTable(statuses: readonly Status[]): string {
  const table = new Table({
    head: ['experiment', 'cells', 'done', 'failed', 'to do', 'last run'],
    style: { head: [], border: [] },
  });
  for (const { name, total, done, failed, todo, failures, lastRun, running } of statuses) {
    const kinds = Object.entries(failures).map(([kind, n]) => `${n} ${kind}`);
    const last = lastRun ? `${lastRun.started} ${lastRun.outcome ?? 'killed'}` : 'never';
    table.push([
      name,
      total,
      done,
      failed > 0 ? `${failed} (${kinds.join(', ')})` : 0,
      todo,
      running === null ? last : `running, ${running}`,
    ]);
  }
  return table.toString();
}

function printFailures(store: Store, name: string): void {
  for (const failed of failedCells(store, name)) {
    const { kind, solver, params, prior, task, taskParams, item, seed, message, attempts } = failed;
    const by = printable(prior === null ? solver : `${solver} (${prior})`, NAME);
    const method = `${by} ${printable(JSON.stringify(params), MESSAGE)}`;
    const setting = `${task} ${printable(JSON.stringify(taskParams), MESSAGE)}`;
    const where = `${method} on ${setting}, ${printable(item, NAME)}, seed ${seed}`;
    say(`${kind} after ${counted(attempts, 'attempt')}: ${where}: ${printable(message, MESSAGE)}`);
  }
}

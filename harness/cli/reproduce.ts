import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import yargs from 'yargs';
import { quoted } from '../config/located.ts';
import { requireDevice } from '../engine/device.ts';
import { UserError } from '../errors.ts';
import { loadPlan } from '../plan/load.ts';
import { changeText, configChanges } from '../report/compare/config-changes.ts';
import { describeRun } from '../scheduler/provenance.ts';
import { batchOf, type Distance, distance, solveAgain } from '../scheduler/reproduce.ts';
import { type CellRow, experimentsOf, experimentThatSolved, scoresOf } from '../store/cell-rows.ts';
import type { RunRecord } from '../store/records.ts';
import { experimentFile, type RunRow, runOfCell } from '../store/runs.ts';
import { closeStore, openStore, type Store } from '../store/store.ts';
import { printable } from '../text/terminal.ts';
import type { Command } from './command.ts';
import { findCell } from './find-cell.ts';
import { storedProtocols } from './known-results.ts';
import type { GlobalOptions } from './options.ts';
import { registries } from './registries.ts';
import { say, sayJson } from './say.ts';
import { StopSignals } from './stop-signals.ts';

interface Options extends GlobalOptions {
  cell: string;
  device: string | undefined;
  config: string | undefined;
  set: string[] | undefined;
  json: boolean;
}

const command: Command<Options> = {
  builder: (cli) =>
    cli
      .positional('cell', {
        type: 'string',
        demandOption: true,
        describe: 'Its key (the column key of export); the first characters will do',
      })
      .option('device', { type: 'string', requiresArg: true, describe: 'By default the one that solved it' })
      .option('config', {
        type: 'string',
        requiresArg: true,
        describe: "By default the experiment's file, where it was when it was run",
      })
      .option('set', {
        type: 'string',
        array: true,
        requiresArg: true,
        describe: 'key=value; by default as its run was told',
      })
      .option('json', { type: 'boolean', default: false, describe: 'Print one JSON document' })
      .example('$0 reproduce 3fa91c', 'exit code 0: equal, 1: different'),
  handler: async ({ cell: beginning, json, results, ...asked }) => {
    const store = openStore(results, { create: false });
    try {
      const cell = solvedCell(store, beginning);
      const run = runOfCell(store, cell.key)!;
      const found = await reproduced(store, cell, run, asked);
      process.exitCode = found.equal ? 0 : 1;
      if (json) sayJson({ cell: cell.key, ...found }, 2);
      else for (const line of inWords(found)) say(printable(line));
    } finally {
      closeStore(store);
    }
  },
};
export default command;

interface Reproduced {
  readonly equal: boolean;
  /** Why it has no result this time; null: it has one. */
  readonly failed: string | null;
  readonly distance: Distance | null;
  /** Numbers that are others, e.g. `psnr 20.1 -> 20.2`. */
  readonly scores: readonly string[];
  /** What of versions, machine and device is not as it was. */
  readonly provenance: readonly string[];
}

function solvedCell(store: Store, beginning: string): CellRow {
  const cell = findCell(store, beginning);
  if (!cell) throw new UserError(`${quoted(beginning)}: begins the key of no cell in ${store.dir}`);
  if (cell.status === 'done') return cell;
  throw new UserError(
    `${cell.key}: expected a cell with a result, found one that is ${cell.status === 'todo' ? 'to do' : 'failed'}`,
  );
}

async function reproduced(
  store: Store,
  cell: CellRow,
  run: RunRow,
  asked: Pick<Options, 'device' | 'config' | 'set'>,
): Promise<Reproduced> {
  const device = asked.device ?? cell.device!;
  // The run's own experiment: what its command line changed is of that file.
  const experiment = experimentThatSolved(store, cell.key) ?? experimentsOf(store, cell.key)[0]!;
  const file = asked.config ?? storedFile(store, experiment);
  const assignments = [
    ...(asked.set ?? assignmentsOf(run)),
    `devices=[${JSON.stringify(device)}]`,
    'workers=1',
  ];
  const plan = await loadPlan(file, registries, assignments, storedProtocols(store.dir));
  const batch = batchOf(plan, cell);
  if (!batch)
    throw new UserError(
      `${file}: plans no cell ${cell.key.slice(0, 12)} any more: a parameter, a version, a plug-in, weights or pixels have changed; ` +
        'give --config and --set as it was run',
    );
  await requireDevice(device, batch.precision);
  const folder = mkdtempSync(join(tmpdir(), 'tweedie-reproduce-'));
  const signals = new StopSignals();
  try {
    const lease = {
      label: device,
      device,
      precision: plan.precision,
      resultsDir: folder,
      plugins: plan.plugins,
    };
    const again = await solveAgain(batch, cell.key, plan, lease, signals.signal);
    const changes = provenanceChanges(run, cell, describeRun([lease]), device);
    if ('failed' in again)
      return { equal: false, failed: again.failed, distance: null, scores: [], provenance: changes };
    const apart = await distance(store.dir, cell, folder, again.solution);
    const scores = changedScores(store, cell, again.solution.scores);
    const equal = apart.picture === 0 && (apart.array ?? 0) === 0;
    return { equal, failed: null, distance: apart, scores, provenance: changes };
  } finally {
    signals.dispose();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** As its run was told, from the folder where that was started. */
function storedFile(store: Store, experiment: string): string {
  const { configFile } = experimentFile(store, experiment);
  if (existsSync(configFile)) return configFile;
  throw new UserError(
    `${configFile}: no such file here; it is the file of ${experiment} as its run was told: give --config FILE, or go where that run was started`,
  );
}

/** What the command line of a run has changed of its file. */
function assignmentsOf({ argv }: RunRow): string[] {
  const { set } = yargs([...argv])
    .help(false)
    .version(false)
    .parserConfiguration({ 'greedy-arrays': false })
    .option('set', { type: 'string', array: true, default: [] as string[] })
    .parseSync();
  return set;
}

function provenanceChanges(before: RunRow, cell: CellRow, now: RunRecord, device: string): string[] {
  const facts = {
    versions: before.versions,
    commit: before.commit,
    diff: before.diffSha256,
    host: before.host,
  };
  const factsNow = {
    versions: now.versions,
    commit: now.git?.commit ?? null,
    diff: now.git?.diffSha256 ?? null,
    host: now.host,
  };
  return configChanges({ ...facts, device: cell.device }, { ...factsNow, device }).map(changeText);
}

/** Of the metrics that are computed as a picture is solved. */
function changedScores(
  store: Store,
  { key }: CellRow,
  scores: readonly { metric: string; version: number; value: number }[],
): string[] {
  const stored = scoresOf(store, key);
  return scores.flatMap(({ metric, version, value }) => {
    const before = stored.find((one) => one.metric === metric && one.version === version);
    return before && before.value !== value ? [`${metric} ${before.value} -> ${value}`] : [];
  });
}

function inWords({ equal, failed, distance: apart, scores, provenance: changes }: Reproduced): string[] {
  const verdict = equal ? 'equal' : 'different';
  return [
    ...(failed !== null ? [`different: no result this time: ${failed}`] : []),
    ...(apart ? [`${verdict}: ${inArray(apart.array)}; ${inPicture(apart.picture)}`] : []),
    ...scores,
    ...(changes.length > 0
      ? ['otherwise than when it was solved:', ...changes.map((line) => `  ${line}`)]
      : ['solved with the same versions, on the same machine and device, in the same batch']),
  ];
}

function inArray(most: number | null): string {
  if (most === null) return 'the stored tensor is gone';
  return most === 0 ? 'tensor bit by bit' : `tensor by at most ${most.toPrecision(3)}`;
}

function inPicture(most: number | null): string {
  if (most === null) return 'the stored picture is gone';
  return most === 0 ? 'picture in every pixel' : `picture by at most ${most} of 255`;
}

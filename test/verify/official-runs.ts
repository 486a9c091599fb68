import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll } from 'vitest';
import { type Device, openDevice } from '../../harness/engine/device.ts';
import { Networks } from '../../harness/verify/network.ts';
import { type CaseResult, runCase } from '../../harness/verify/run-case.ts';
import { findCases } from '../../harness/verify/run-set.ts';

export type Json = Record<string, unknown>;

/** A case of `solver.run`, or of one function: what an official code did, as test/fixtures states it. */
export interface OfficialRun extends Json {
  readonly name: string;
  readonly bind?: Json;
  readonly params: Json & {
    readonly parameters: Json;
    readonly timesteps: readonly number[];
    readonly draws: readonly Json[];
    readonly schedule: Json;
    readonly operator: Json;
  };
}

/** What is made of a case before it is run. */
export type Change = (run: OfficialRun) => Json;

const { root, items } = findCases(fileURLToPath(new URL('../fixtures', import.meta.url)));

/** Runs cases by their names, as they are or changed, on one device for the tests of a file. */
export function officialRuns(): (name: string, change?: Change) => Promise<CaseResult> {
  let device: Device;
  let networks: Networks;
  beforeAll(async () => {
    device = await openDevice('cpu:1');
    networks = new Networks(root, device.constant);
  });
  afterAll(() => networks.dispose());

  return (name, change = (run) => run) => {
    for (const { folder, manifest } of items) {
      const cases = (manifest?.cases ?? []) as readonly OfficialRun[];
      const run = cases.find((candidate) => candidate.name === name);
      if (run)
        return runCase(change(run), { folder, manifest: manifest!, networks, assetFolders: [], device });
    }
    throw new Error(`no case ${name}`);
  };
}

export function withParams(change: (params: OfficialRun['params']) => Json): Change {
  return (run) => ({ ...run, params: { ...run.params, ...change(run.params) } });
}

/** Of the method, in the official code's words. */
export function withParameters(changed: Json): Change {
  return withParams(({ parameters }) => ({ parameters: { ...parameters, ...changed } }));
}

export function withSchedule(changed: Json): Change {
  return withParams(({ schedule }) => ({ schedule: { ...schedule, ...changed } }));
}

export function withOperator(changed: Json): Change {
  return withParams(({ operator }) => ({ operator: { ...operator, ...changed } }));
}

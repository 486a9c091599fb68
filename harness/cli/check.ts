import { resolve } from 'node:path';
import type { CommandModule } from 'yargs';
import { checksFor } from '../conformance/checks.ts';
import { openDevice } from '../engine/device.ts';
import { UserError } from '../errors.ts';
import { loadPlugin, withPlugins } from '../plan/plugins.ts';
import { printable } from '../text/terminal.ts';
import { describeThrown } from '../text/thrown.ts';
import type { GlobalOptions } from './options.ts';
import { registries } from './registries.ts';
import { say, sayJson } from './say.ts';

interface Options extends GlobalOptions {
  file: string;
  json: boolean;
}

interface Finding {
  readonly solver: string;
  readonly check: string;
  /** null: it holds. */
  readonly problem: string | null;
}

const command: CommandModule<GlobalOptions, Options> = {
  command: 'check <file>',
  describe: "Check a plug-in's solvers as the built-in ones are checked, on small priors without a network",
  builder: (cli) =>
    cli
      .positional('file', {
        type: 'string',
        demandOption: true,
        describe: 'The plug-in (a JavaScript module), or a YAML file that describes a program',
      })
      .option('json', { type: 'boolean', default: false, describe: 'Print one JSON document' })
      .example('$0 check docs/examples/mpgd.js', 'what the solver does, and does wrong')
      .example('$0 check docs/examples/dps_numpy.yaml', 'the same of a program'),
  handler: async ({ file, json }) => {
    const plugin = await loadPlugin(resolve(file));
    withPlugins(registries, [plugin]);
    const { solvers } = plugin;
    if (solvers.length === 0) throw new UserError(`plug-in ${file}: has no solver to check`);
    const device = await openDevice('cpu:1');
    const findings: Finding[] = [];
    for (const solver of solvers) {
      for (const check of checksFor(solver)) {
        const problem = await problemOf(() => check.run({ solver, compile: device.compile }));
        findings.push({ solver: solver.name, check: check.name, problem });
        if (!json) say(`${problem === null ? '✓' : '✗'} ${printable(solver.name)} ${check.name}`);
        if (!json && problem !== null) say(`    ${printable(problem)}`);
      }
    }
    if (json) sayJson(findings, 2);
    if (findings.some(({ problem }) => problem !== null)) process.exitCode = 1;
    await device.dispose();
  },
};
export default command;

async function problemOf(work: () => Promise<void> | void): Promise<string | null> {
  try {
    await work();
    return null;
  } catch (error) {
    return describeThrown(error).message;
  }
}

import Table from 'cli-table3';
import type { CommandModule } from 'yargs';
import { examine } from './health.ts';
import type { GlobalOptions } from './options.ts';

interface Options extends GlobalOptions {
  json: boolean;
}

const command: CommandModule<GlobalOptions, Options> = {
  command: 'doctor',
  describe: 'Check this machine: Node, packages, native libraries and devices',
  builder: (cli) =>
    cli
      .option('json', { type: 'boolean', default: false, describe: 'Print one JSON document' })
      .example('$0 doctor', 'what works here, and how to install what does not'),
  handler: async ({ json }) => {
    const findings = await examine();
    if (findings.some(({ state }) => state === 'broken')) process.exitCode = 1;
    if (json) {
      console.log(JSON.stringify(findings, null, 2));
      return;
    }
    const table = new Table({ head: ['', 'part', 'found'], style: { head: [], border: [] } });
    for (const { state, part, detail, remedy } of findings) {
      table.push([state, part, remedy ? `${detail}\nto install: ${remedy}` : detail]);
    }
    console.log(table.toString());
  },
};
export default command;

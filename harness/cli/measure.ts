import { measure } from '../measure/measure.ts';
import { loadPlan } from '../plan/load.ts';
import { datasetOf, named } from '../plan/registries.ts';
import { counted } from '../text/count.ts';
import { printable } from '../text/terminal.ts';
import type { Command } from './command.ts';
import type { GlobalOptions } from './options.ts';
import { packageInfo } from './package-info.ts';
import { progressBar } from './progress-bar.ts';
import { registries, registriesWith } from './registries.ts';
import { say, sayJson } from './say.ts';

interface Options extends GlobalOptions {
  config: string;
  out: string;
  set: string[];
  json: boolean;
}

/** `tweedie measure`: an experiment's problems for a program of any kind. */
const command: Command<Options> = {
  builder: (cli) =>
    cli
      .positional('config', { type: 'string', demandOption: true, describe: 'Experiment file (YAML)' })
      .option('out', {
        type: 'string',
        demandOption: true,
        requiresArg: true,
        describe: 'Folder to write to: a new one, or that of the same measurements, which then goes on',
      })
      .option('set', {
        type: 'string',
        array: true,
        default: [],
        requiresArg: true,
        describe: 'Change a key of the file: key=value',
      })
      .option('json', { type: 'boolean', default: false, describe: 'Print one JSON document, no progress' })
      .example('$0 measure configs/demo.yaml --out problems', 'what every method of the demo is given')
      .example(
        '$0 measure configs/demo.yaml --out problems --set data.count=2',
        'of the first two pictures only',
      )
      .epilogue('docs/comparing-outside-results.md says what the files hold and how results come back.'),
  handler: async ({ config, out, set, json }) => {
    const plan = await loadPlan(config, registries, set);
    const all = await registriesWith(plan.plugins);
    const bar = progressBar('problems', json);
    try {
      const { entries, fresh } = await measure(plan, {
        folder: out,
        tweedie: packageInfo().version,
        task: (name) => named(all.tasks, name),
        dataset: (data) => datasetOf(data, all),
        onProgress: bar.update,
      });
      bar.stop();
      if (json) return sayJson({ folder: out, experiment: plan.name, problems: entries.length, fresh }, 2);
      const there = entries.length - fresh;
      const before = there > 0 ? ` (${there} of them were there)` : '';
      say(`${printable(plan.name)}: ${counted(entries.length, 'problem')} in ${printable(out)}${before}`);
      say(`manifest:  ${printable(`${out}/manifest.json`)}`);
      say(`import what solves them:  tweedie import FOLDER --as NAME --measured ${printable(out)}`);
    } finally {
      bar.stop();
    }
  },
};
export default command;

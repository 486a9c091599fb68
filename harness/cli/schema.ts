import { writeFile } from 'node:fs/promises';
import { readConfig } from '../config/read.ts';
import { schemaOfExperiments } from '../editor/experiment-schema.ts';
import { type OutputKind, writeOutput } from '../output-file.ts';
import { readPlugins, withPlugins } from '../plan/plugins.ts';
import { jsonText } from '../text/json.ts';
import type { Command } from './command.ts';
import type { GlobalOptions } from './options.ts';
import { registries } from './registries.ts';
import { say, sayJson } from './say.ts';

interface Options extends GlobalOptions {
  config: string | undefined;
  out: string | undefined;
}

const SCHEMA_OUTPUT: OutputKind = { name: 'a JSON Schema', begins: /^\{\s*"\$schema"/ };

const command: Command<Options> = {
  builder: (cli) =>
    cli
      .positional('config', { type: 'string', describe: 'Experiment file whose plug-ins are in it, too' })
      .option('out', { type: 'string', requiresArg: true, describe: 'File (JSON) to write it to' })
      .example(
        '$0 schema --out tweedie.schema.json',
        'for a first line as the next one in an experiment file:',
      )
      .example('# yaml-language-server: $schema=tweedie.schema.json', ''),
  handler: async ({ config, out }) => {
    const plugins = config === undefined ? [] : await readPlugins(readConfig(config).root);
    const schema = schemaOfExperiments(withPlugins(registries, plugins));
    if (out === undefined) return sayJson(schema, 2);
    await writeOutput(out, SCHEMA_OUTPUT, (file) => writeFile(file, `${jsonText(schema, 2)}\n`));
    say(out);
  },
};
export default command;

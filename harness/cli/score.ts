import { lookUp } from '../config/entry.ts';
import { UserError } from '../errors.ts';
import { scoredNames } from '../pictures/media.ts';
import { isAsked } from '../scheduler/asked.ts';
import { referTo } from '../scoring/protocol.ts';
import { refuseSize } from '../scoring/refuse-size.ts';
import type { Command } from './command.ts';
import { execute } from './execute.ts';
import { CONFIG, type ExperimentOptions, experimentOptions } from './experiment-options.ts';

interface Options extends ExperimentOptions {
  metrics: string | undefined;
}

const command: Command<Options> = {
  builder: (cli) =>
    experimentOptions(cli)
      .positional('config', CONFIG)
      .option('metrics', {
        type: 'string',
        requiresArg: true,
        describe: 'Metrics beside those of the file, separated by commas',
      })
      .example('$0 score configs/demo.yaml', 'what its metrics lack, after one of them has changed')
      .example('$0 score configs/demo.yaml --metrics lpips,fid', 'two more columns'),
  handler: (options) => {
    const names = options.metrics?.split(',') ?? [];
    return execute(options, {
      solve: false,
      alsoScore: ({ name, batches, pictures }, known) =>
        names.map((asked) => {
          const metric = lookUp(known.metrics, asked.trim(), 'metric of --metrics');
          const [, height, width] = batches[0]!.setting.imageShape;
          if (!batches.some(({ setting }) => isAsked(known, metric.name, setting.task)))
            throw new UserError(
              `${metric.name} is of ${scoredNames[metric.of]}; no task of ${name} finds any`,
            );
          refuseSize(metric, { height, width }, `the pictures of ${name}`);
          return referTo(metric, pictures);
        }),
    });
  },
};
export default command;

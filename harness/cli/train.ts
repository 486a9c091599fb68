import { join } from 'node:path';
import { SingleBar } from 'cli-progress';
import { openDevice } from '../engine/device.ts';
import { makeFolder } from '../make-folder.ts';
import { runTraining } from '../training/run.ts';
import type { Command } from './command.ts';
import { say, sayJson } from './say.ts';

interface Arguments {
  config: string;
  device: string;
  results: string;
  minutes: number | undefined;
  json: boolean;
}

const command: Command<Arguments> = {
  builder: (yargs) =>
    yargs
      .positional('config', { type: 'string', demandOption: true, describe: 'Training config (YAML)' })
      .option('device', { type: 'string', default: 'cpu', describe: 'Device, e.g. cpu:2' })
      .option('minutes', {
        type: 'number',
        describe: 'Stop after this time, leaving a checkpoint to go on from',
      })
      .option('results', {
        type: 'string',
        default: 'results',
        describe: 'Folder for checkpoints (below training/)',
      })
      .option('json', {
        type: 'boolean',
        default: false,
        describe: 'Print what was measured as one JSON document',
      })
      .example('$0 train configs/train/autoencoder.yaml', 'train, or go on with, the autoencoder')
      .example(
        '$0 train configs/train/latent-diffusion.yaml --minutes 30',
        'half an hour of the diffusion model',
      )
      .strict(),
  async handler({ config, device: name, results, minutes, json }) {
    const checkpoints = join(results, 'training');
    makeFolder(checkpoints);
    const device = await openDevice(name);
    const bar = new SingleBar({
      format: 'step {value}/{total} {bar} loss {loss}  {eta_formatted} left',
      stream: process.stderr,
      noTTYOutput: !json,
      notTTYSchedule: 30_000,
      barsize: 24,
      etaBuffer: 50,
    });
    let started = false;
    const measured = await runTraining(config, device, {
      checkpoints,
      secondsAllowed: minutes === undefined ? Number.POSITIVE_INFINITY : minutes * 60,
      onProgress(done, total, loss) {
        if (!started) bar.start(total, done, { loss: '-' });
        started = true;
        bar.update(done, { loss: loss.toFixed(5) });
      },
    });
    bar.stop();
    await device.dispose();
    if (json) sayJson({ complete: measured !== null, ...measured });
    else if (measured === null) say('Not complete yet: run the same command to go on.');
    else
      say(
        Object.entries(measured)
          .map(([key, value]) => `${key}: ${value.toFixed(4)}`)
          .join('\n'),
      );
  },
};

export default command;

import { cpus } from 'node:os';
import type { Argv, CommandModule } from 'yargs';
import { openDevice } from '../engine/device.ts';
import { UserError } from '../errors.ts';
import { EMBEDDED_FOLDER } from '../priors/embedded.ts';
import { describeRun } from '../scheduler/provenance.ts';
import type { Making } from '../training/card/card.ts';
import { CARD_SIZES, measurePrior } from '../training/card/measure.ts';
import { requireRoomForCard, writeCard } from '../training/card/write.ts';
import type { GlobalOptions } from './options.ts';

interface Arguments extends GlobalOptions {
  device: string;
  priorFolder: string;
  seed: number;
  json: boolean;
}

/** `tweedie card`: measures the embedded prior and writes its model card. */
const command: CommandModule<GlobalOptions, Arguments> = {
  command: 'card',
  describe: 'Measure the embedded prior and write its model card',
  builder: (yargs) => {
    const described = yargs
      .option('device', { type: 'string', default: 'cpu', describe: 'Device, e.g. cpu:2' })
      .option('prior-folder', {
        type: 'string',
        default: EMBEDDED_FOLDER,
        defaultDescription: 'the embedded prior',
        describe: "A prior of toyfaces in diffusers' layout; the card (README.md) and its pictures go there",
      })
      .option('seed', { type: 'number', default: 0, describe: 'Same seed and device, same numbers' })
      .option('json', {
        type: 'boolean',
        default: false,
        describe: 'Print all that was measured as one JSON document',
      })
      .example('$0 card', 'measure the embedded prior anew: reconstruction, samples, whether prompts act')
      .example('$0 card --prior-folder my-prior --device cpu:2', 'a prior that you trained yourself');
    // yargs also sets priorFolder for prior-folder, which its types do not say.
    return described as unknown as Argv<Arguments>;
  },
  async handler({ device: name, priorFolder, seed, json }) {
    if (!Number.isInteger(seed)) throw new UserError(`--seed: expected a whole number, found ${seed}`);
    requireRoomForCard(priorFolder);
    const started = performance.now();
    const device = await openDevice(name);
    const measured = await measurePrior(device, priorFolder, { seed, sizes: CARD_SIZES }, (stage) => {
      if (!json) console.error(`${elapsed(started).toFixed(0).padStart(4)} s  ${stage}`);
    });
    await device.dispose();
    const card = await writeCard(priorFolder, measured, making(name, elapsed(started)));
    if (json) {
      console.log(JSON.stringify(card));
      return;
    }
    for (const { split, mean } of card.autoencoder)
      console.log(`autoencoder, ${split}: ${mean.toFixed(2)} dB`);
    const { real, own, shuffled } = card.agreement.overall;
    const percent = (share: number): string => `${(100 * share).toFixed(0)} %`;
    console.log(
      `samples agree with their prompt in ${percent(own.mean)} of what it states, with another's in ` +
        `${percent(shuffled.mean)}; real pictures with their caption in ${percent(real.mean)}`,
    );
    console.log(`card: ${priorFolder}/README.md`);
  },
};

export default command;

function elapsed(since: number): number {
  return (performance.now() - since) / 1000;
}

function making(device: string, seconds: number): Making {
  const { started, git, versions } = describeRun([]);
  const { node, platform } = versions;
  const processors = cpus();
  return {
    date: started.slice(0, 10),
    seconds,
    cpu: processors[0]?.model.trim() ?? 'unknown processor',
    cores: processors.length,
    device,
    versions: { Node: node!, platform: platform!, 'onnxruntime-node': versions['onnxruntime-node']! },
    git,
  };
}

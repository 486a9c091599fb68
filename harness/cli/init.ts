import { existsSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { UserError } from '../errors.ts';
import { makeFolder } from '../make-folder.ts';
import { shellWord } from '../text/shell.ts';
import type { Command } from './command.ts';
import type { GlobalOptions } from './options.ts';
import { say } from './say.ts';

interface Options extends GlobalOptions {
  dir: string;
}

const FILE = 'experiment.yaml';

const command: Command<Options> = {
  builder: (cli) =>
    cli
      .positional('dir', { type: 'string', default: '.', describe: 'Folder; made where there is none' })
      .example('$0 init my-study', `write my-study/${FILE}`),
  handler: ({ dir }) => {
    const file = join(dir, FILE);
    if (existsSync(file))
      throw new UserError(`${file}: expected nothing here, found a file; name another folder`);
    makeFolder(dir);
    writeFileSync(file, experimentCalled(nameFor(resolve(dir))), { flag: 'wx' });
    const enter = resolve(dir) === process.cwd() ? '' : `  cd ${shellWord(dir)}\n`;
    say(`${file}\n\nnext:\n${enter}  tweedie plan ${FILE}\n  tweedie run ${FILE}`);
  },
};
export default command;

/** The folder's name, as far as it can be an experiment's. */
function nameFor(folder: string): string {
  const name = basename(folder)
    .replace(/[^A-Za-z0-9_-]+/g, '-')
    .replace(/^[^A-Za-z0-9]+|-+$/g, '');
  return name === '' ? 'experiment' : name.slice(0, 100);
}

function experimentCalled(name: string): string {
  return `# An experiment: every task with every solver, parameter, picture and seed.
#   tweedie plan ${FILE}    what would run, and about how long it takes
#   tweedie run ${FILE}     runs what is missing; stop it whenever you like
# An editor completes and checks this file after: tweedie schema --out tweedie.schema.json
# yaml-language-server: $schema=tweedie.schema.json
name: ${name}

# The diffusion model: tweedie list priors. This one ships with the package, a toy; your own as in
#   prior: { stable-diffusion: { path: models/stable-diffusion-v1-5 } }
prior: embedded

# The first so many pictures of a data set, or of a folder of yours: { folder: pictures, count: 4 }
data: { set: toyfaces, split: test, count: 4 }

# Each method runs once a seed on each picture.
seeds: [0]

# What methods have to do: tweedie list tasks. A simple method is added to each table by itself.
tasks:
  - super-resolution: { factor: 8, noise: 0.01 }
  # - box-inpainting

# The methods to compare: tweedie list solvers. A list where one value is expected is a grid.
solvers:
  - ldps: { steps: 20, omega: 7 }
  - p2l: { steps: 20, latentStep: 7, promptSteps: [1, 3] }

# Scores: tweedie list metrics.
metrics: [psnr, ssim, lpips-toy]

# The method that the others are compared with.
report: { baseline: ldps }
`;
}

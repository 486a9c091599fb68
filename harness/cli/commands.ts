import type { AnyCommand } from './command.ts';

/** A command as `tweedie --help` lists it. Its file is loaded when it is called: together they take a second to load. */
export interface ListedCommand {
  /** Its name and arguments, as yargs writes them. */
  readonly command: string;
  /** `false`: for scripts of ours alone, not listed. */
  readonly describe: string | false;
  load(): Promise<{ readonly default: AnyCommand }>;
}

/** The first word of the command line by which the scripts of `completion` ask what may follow the others. */
export const ASKING = '--complete';

/** Every command, in the order of `tweedie --help`. */
export const commands: readonly ListedCommand[] = [
  {
    command: 'run <configs..>',
    describe: 'Run what an experiment still lacks, print its tables and write its report',
    load: () => import('./run.ts'),
  },
  {
    command: 'plan <configs..>',
    describe: 'Show what an experiment would run, and about how long it takes',
    load: () => import('./plan.ts'),
  },
  {
    command: 'status [experiment]',
    describe:
      'Show how far the experiments are; of one that is named also what failed, and its numbers so far',
    load: () => import('./status.ts'),
  },
  {
    command: 'collect [experiment]',
    describe: 'Take in what the jobs of a cluster have found, follow them to their end, and write the report',
    load: () => import('./collect.ts'),
  },
  {
    command: 'cancel [experiment]',
    describe: 'End the jobs that a cluster has of an experiment; what they have found is taken in',
    load: () => import('./cancel.ts'),
  },
  {
    command: 'retry <config>',
    describe: 'Run the failed cells of an experiment again, and what it still lacks',
    load: () => import('./retry.ts'),
  },
  {
    command: 'score <config>',
    describe: 'Score the solved pictures of an experiment by its metrics, and by others; solves nothing',
    load: () => import('./score.ts'),
  },
  {
    command: 'tune <config>',
    describe: 'Search the parameters that an experiment names under tune, each method with the same budget',
    load: () => import('./tune.ts'),
  },
  {
    command: 'report [experiment] [other]',
    describe:
      'Print the tables of an experiment and write its report; of two, what changed from one to the other',
    load: () => import('./report.ts'),
  },
  {
    command: 'export [experiment]',
    describe: 'Print all that is known of the cells, flat: one row a number, or one a cell',
    load: () => import('./export.ts'),
  },
  {
    command: 'show <what..>',
    describe: 'Print all that is known of a cell or an experiment',
    load: () => import('./show.ts'),
  },
  {
    command: 'reproduce <cell>',
    describe: 'Solve a cell again in a temporary folder and compare it, bit by bit, with what is stored',
    load: () => import('./reproduce.ts'),
  },
  {
    command: 'serve',
    describe: 'Show results in a browser while runs go on; to this machine only, read only, until Ctrl-C',
    load: () => import('./serve.ts'),
  },
  {
    command: 'rm <experiment>',
    describe:
      'Forget an experiment, or a version of it, and the results that no other has; says what goes unless --yes',
    load: () => import('./rm.ts'),
  },
  {
    command: 'gc',
    describe: 'Remove pictures, tensors and traces that no result names; says which unless --yes',
    load: () => import('./gc.ts'),
  },
  {
    command: 'rebuild [configs..]',
    describe: 'Make a new database of the stored files, where it is damaged or gone',
    load: () => import('./rebuild.ts'),
  },
  {
    command: 'merge <other>',
    describe:
      'Take over what another results folder has and this one lacks; conflicts are listed, nothing is overwritten',
    load: () => import('./merge.ts'),
  },
  {
    command: 'evaluate',
    describe: 'Score a folder of pictures against another',
    load: () => import('./evaluate.ts'),
  },
  {
    command: 'measure <config>',
    describe: "Write an experiment's measurements, operators and truths as .npy and PNG, for methods outside",
    load: () => import('./measure.ts'),
  },
  {
    command: 'import <folder>',
    describe:
      'Match pictures made elsewhere with measured problems, and write the entry that makes them a row',
    load: () => import('./import.ts'),
  },
  {
    command: 'dataset <name>',
    describe: 'Write pictures, captions and a contact sheet of a data set',
    load: () => import('./dataset.ts'),
  },
  {
    command: 'train <config>',
    describe: 'Train the embedded prior, from its checkpoint if there is one',
    load: () => import('./train.ts'),
  },
  {
    command: 'card',
    describe: 'Measure the embedded prior and write its model card',
    load: () => import('./card.ts'),
  },
  {
    command: 'list <things>',
    describe: 'List the solvers, tasks, priors, data sets, metrics or devices, with parameters and defaults',
    load: () => import('./list.ts'),
  },
  {
    command: 'published',
    describe: 'List published figures, for report.published of an experiment',
    load: () => import('./published.ts'),
  },
  {
    command: 'init [dir]',
    describe: 'Write an experiment file with comments, to start from',
    load: () => import('./init.ts'),
  },
  {
    command: 'schema [config]',
    describe: 'Print the JSON Schema of experiment files, with which editors complete and check them',
    load: () => import('./schema.ts'),
  },
  {
    command: 'completion <shell>',
    describe: 'Print the script with which a shell completes commands, options, files and keys',
    load: () => import('./completion.ts'),
  },
  {
    command: 'doctor',
    describe: 'Check this machine: Node, packages, native libraries and devices',
    load: () => import('./doctor.ts'),
  },
  {
    command: 'new <thing> <name>',
    describe:
      'Write a solver, task, metric or data set of your own to begin with, an experiment that uses it and a test, into this folder',
    load: () => import('./new.ts'),
  },
  {
    command: 'check <file>',
    describe:
      "Check a plug-in's solvers, tasks, metrics and data sets as the built-in ones are checked; solvers on small priors without a network",
    load: () => import('./check.ts'),
  },
  {
    command: 'verify <folder>',
    describe: 'Compare networks, schedules, operators and metrics with reference values',
    load: () => import('./verify.ts'),
  },
  {
    command: 'weights <command>',
    describe: 'Networks and other files that are not part of tweedie: list, add, check, convert, fetch',
    load: () => import('./weights.ts'),
  },
  {
    command: 'element <dir> <array> <index>',
    describe: false,
    load: () => import('./element.ts'),
  },
];

/** `plan` of `plan <configs..>`. */
export function nameOf({ command }: ListedCommand): string {
  return command.split(' ')[0]!;
}

/** Some commands are for scripts of ours alone. */
export function isShown({ describe }: ListedCommand): boolean {
  return describe !== false;
}

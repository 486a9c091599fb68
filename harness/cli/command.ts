import type { ArgumentsCamelCase, Argv } from 'yargs';
import type { GlobalOptions } from './options.ts';

/** What a command may be asked, and what it does; how it is called stands in commands.ts. */
export interface Command<Options> {
  builder(cli: Argv<GlobalOptions>): Argv<Options>;
  handler(options: ArgumentsCamelCase<Options>): void | Promise<void>;
}

/** A command whose options are its own affair. */
export interface AnyCommand {
  builder(cli: Argv<GlobalOptions>): unknown;
  handler(options: never): void | Promise<void>;
}

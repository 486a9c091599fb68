#!/usr/bin/env node
import { runCli } from './app.ts';
import { exitCodeAfterOutput, surviveLostOutput } from './lost-output.ts';

const argv = process.argv.slice(2);
surviveLostOutput();
const code = await runCli(argv);
// Leave before the tear-down collects what store/connection.ts keeps.
process.exit(await exitCodeAfterOutput(argv[0], code));

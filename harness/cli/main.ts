#!/usr/bin/env node
import { runCli } from './app.ts';
import { surviveLostOutput } from './lost-output.ts';

const argv = process.argv.slice(2);
const exitCode = surviveLostOutput(argv[0]);
const code = await runCli(argv);
// Leave before the tear-down collects what store/connection.ts keeps, once everything printed is through.
process.stdout.write('', () => {
  const last = exitCode(code);
  process.stderr.write('', () => process.exit(last));
});

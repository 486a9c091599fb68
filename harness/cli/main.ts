#!/usr/bin/env node
import { runCli } from './app.ts';

// `tweedie list solvers | head` closes our output early: that is no mistake.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

const code = await runCli(process.argv.slice(2));
// Leave before the tear-down collects what store/connection.ts keeps, once everything printed is through.
process.stdout.write('', () => process.stderr.write('', () => process.exit(code)));

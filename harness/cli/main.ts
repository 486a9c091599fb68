#!/usr/bin/env node
import { runCli } from './app.ts';

// `tweedie list solvers | head` closes our output early: that is no mistake.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

process.exitCode = await runCli(process.argv.slice(2));

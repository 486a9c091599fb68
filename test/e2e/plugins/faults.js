/** A solver, and a prior, with whatever may go wrong in a program that somebody else has written. */
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import tf from '@tensorflow/tfjs';
import { z } from 'zod';
import { tellTest } from './tell-test.js';

const shape = [3, 16, 16];
const never = () => new Promise(() => setInterval(() => {}, 1e6));
const later = (x) => new Promise((resolve) => setTimeout(() => resolve(x), 10_000));

const opening = {
  well: () => {},
  never,
  'exit 0': () => process.exit(0),
  error: () => {
    throw new Error('no such model');
  },
};

const prior = {
  name: 'odd',
  version: 1,
  description: 'no model at all',
  params: z.object({ opens: z.enum(Object.keys(opening)).default('well') }),
  inspect: async () => ({ imageShape: shape, weightsSha256: '0'.repeat(64), toy: true }),
  open: async ({ opens }) => {
    await opening[opens]();
    return { name: 'odd', imageShape: shape, latentShape: shape, dispose() {} };
  },
};

const faults = {
  none: (x) => x,
  'exit 0': () => process.exit(0),
  'out of memory': () => {
    const kept = [];
    for (;;) kept.push(new Array(1e6).fill(kept.length));
  },
  stopped: (x) => {
    process.kill(process.pid, 'SIGSTOP');
    return x;
  },
  'garbage in the channel': (x) => {
    fs.writeSync(3, 'garbage\n\0\u0001{');
    return later(x);
  },
  'messages of its own': (x) => {
    process.send({ kind: 'finished' });
    return x;
  },
  'closed channel': (x) => {
    fs.closeSync(3);
    return later(x);
  },
  'garbage on stdout': (x) => {
    for (let i = 0; i < 2000; i++) console.log('\0\u001b[2J{"kind":"finished"}\n'.repeat(10));
    return x;
  },
  'flood of steps': (x, ctx) => {
    for (let i = 1; i <= 200_000; i++) ctx.progress(i, 200_000);
    return x;
  },
  rejection: () => {
    Promise.reject(new Error('a rejection nobody handles'));
    return never();
  },
  'error of a timer': () => {
    setTimeout(() => {
      throw new Error('thrown from a timer');
    });
    return never();
  },
  'no tensor': () => undefined,
  integers: (x) => tf.cast(x, 'int32'),
  'string thrown': () => {
    throw 'just a string';
  },
  'null thrown': () => {
    throw null;
  },
  'NUL thrown': () => {
    throw new Error('a\0b');
  },
  'huge message': () => {
    throw new Error('x'.repeat(5e7));
  },
  'NaN counted': (x, ctx) => {
    ctx.count({ unetForward: Number.NaN });
    return x;
  },
  'BigInt counted': (x, ctx) => {
    ctx.count({ unetForward: 1n });
    return x;
  },
  'NaN of steps': (x, ctx) => {
    ctx.progress(Number.NaN, -5);
    return x;
  },
  'property of every object': (x) => {
    Object.prototype.everywhere = 1;
    return x;
  },
  // Its output stays open in a process of a session of its own.
  'process left behind': async () => {
    const child = spawn('sleep', ['1000'], { stdio: 'inherit', detached: true });
    await tellTest(child.pid);
    process.abort();
  },
};

const solver = {
  name: 'faulty',
  version: 1,
  paper: 'none',
  requires: {},
  params: z.object({ fault: z.enum(Object.keys(faults)).default('none') }),
  async solve({ y }, _prior, { fault }, ctx) {
    return faults[fault](await ctx.compile(({ y }) => tf.mul(y, 0.5))({ y }), ctx);
  },
};

export default [prior, solver];

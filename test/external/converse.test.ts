import { appendFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { posedFor } from '../../harness/conformance/posed.ts';
import { runSolver } from '../../harness/conformance/run-solver.ts';
import { compileEager } from '../../harness/engine/compile.ts';
import { tf } from '../../harness/engine/tf.ts';
import type { External } from '../../harness/external/description.ts';
import type { ExternalKind } from '../../harness/external/kinds.ts';
import { externalSha256, externalSolver } from '../../harness/external/solver.ts';
import type { Prior } from '../../harness/priors/prior.ts';
import type { Solver } from '../../harness/solvers/solver.ts';
import { Trace } from '../../harness/solvers/trace.ts';
import type { Given } from '../../harness/tasks/kinds.ts';
import { fakePixelPrior, fakePrior, operators, problem, run } from '../solvers/support.ts';
import { useDevice } from '../support/device.ts';
import { program } from './support.ts';

beforeAll(() => useDevice('cpu-reference'));
// Others on this machine may run programs too.
beforeAll(() => vi.stubEnv('TMPDIR', mkdtempSync(join(tmpdir(), 'tweedie-converse-'))));

const USES = "import { call, load, pictures, problem, save, say, size, zeros } from './client.mjs';\n";

/** What a program of this text restores of two pictures measured at a quarter of their size. */
function solved(body: string, more: Parameters<typeof program>[1] = {}, prior = fakePixelPrior()) {
  const made = problem(prior, operators['super-resolution']!(), 2);
  const described = program(USES + body, more);
  return { made, folder: dirname(described.file), seen: run(externalSolver(described), made, prior, {}) };
}

const scratchFolders = () => readdirSync(tmpdir()).filter((name) => name.startsWith('tweedie-external-'));

describe('a program', () => {
  it('traces numbers of its steps, one a picture or one for all', async () => {
    const trace = new Trace();
    const prior = fakePixelPrior();
    const source = `${USES}
      say({ type: 'progress', done: 1, total: 2 });
      say({ type: 'trace', scalars: { loss: [3, null], rate: 0.5 } });
      say({ type: 'result', x: zeros() });`;
    const made = problem(prior, operators['super-resolution']!(), 2);
    await run(externalSolver(program(source)), made, prior, {}, { trace });
    expect(Array.from(trace.scalars.get('loss')!.get(1)!)).toEqual([3, Number.NaN]);
    expect(Array.from(trace.scalars.get('rate')!.get(1)!)).toEqual([0.5, 0.5]);
  });

  it('says that a trace belongs to a step that progress has told, where it tells none first', async () => {
    await expect(
      solved("say({ type: 'trace', scalars: { loss: 1 } }); say({ type: 'result', x: zeros() });").seen,
    ).rejects.toThrow(
      'mine: sent trace before any progress: expected {"type":"progress","done":1,"total":N} first, whose step the numbers belong to',
    );
  });

  describe('whose files are not those that the key was made of', () => {
    const prior = fakePixelPrior();
    const made = problem(prior, operators['super-resolution']!(), 2);
    const changed = (file: string) =>
      `mine: ${file} has changed since the plan was made; run again to solve with it as it is now`;
    const solve = (described: External) => run(externalSolver(described), made, prior, {});

    it.each(['mine.mjs', 'weights.bin'])('has no result: %s was changed before the batch', async (file) => {
      const described = program(`${USES}say({ type: 'result', x: zeros() });`, { files: ['weights.bin'] });
      writeFileSync(join(dirname(described.file), 'weights.bin'), 'w');
      externalSha256(described);
      await expect(solve(described)).resolves.toBeDefined();
      appendFileSync(join(dirname(described.file), file), '\n');
      await expect(solve(described)).rejects.toThrow(changed(file));
    });

    it('has no result: it was changed while the batch was solved', async () => {
      const described = program(
        `${USES}import { appendFileSync } from 'node:fs';
         appendFileSync('weights.bin', 'x');
         say({ type: 'result', x: zeros() });`,
        { files: ['weights.bin'] },
      );
      writeFileSync(join(dirname(described.file), 'weights.bin'), 'w');
      externalSha256(described);
      await expect(solve(described)).rejects.toThrow(changed('weights.bin'));
    });

    it('has another key with another script, also where the command has its whole path', () => {
      const described = program('1');
      const script = join(dirname(described.file), 'mine.mjs');
      const whole = { ...described, command: [process.execPath, script] };
      const before = externalSha256(whole);
      appendFileSync(script, '\n');
      expect(externalSha256(whole)).not.toBe(before);
    });
  });

  it('is told its problem: measurement, operator, noise, pictures, parameters, prior', async () => {
    const { made, folder, seen } = solved(
      `import { writeFileSync } from 'node:fs';
       const arrays = [problem.y, problem.prior.signal, problem.prior.noise].map((name) => load(name));
       const { left } = problem.operator.arrays;
       const told = { problem, y: [...arrays[0].values], signal: arrays[1].values[999], left: [...load(left).values] };
       writeFileSync('told.json', JSON.stringify(told));
       say({ type: 'result', x: zeros() });`,
      { params: { rate: { type: 'number', default: 0.5 } } },
    );
    await seen;
    const told = JSON.parse(readFileSync(join(folder, 'told.json'), 'utf8'));
    expect(told.problem).toMatchObject({
      type: 'solve',
      protocol: 1,
      kind: 'restore',
      params: { rate: 0.5 },
      sigma: 0.01,
      noise: 'gaussian',
      imageShape: [3, 16, 16],
      images: [
        { id: 'a', seed: 0 },
        { id: 'b', seed: 0 },
      ],
      task: null,
      captions: null,
      operator: { linear: true },
      prior: {
        name: 'fake pixels',
        shape: [3, 16, 16],
        predicts: 'noise',
        parts: ['pixels', 'learnedVariance'],
      },
    });
    expect(told.y).toEqual([...(await made.y.data())]);
    expect(told.left).toEqual([...made.A.matrices!.left!.data]);
    expect(told.signal).toBe(fakePixelPrior().schedule.level(999).signal);
  });

  describe('of another kind of task', () => {
    const prior = fakePrior() as unknown as Prior;
    /** What it says that it was told, arrays read, and the run; what it finds is its picture, or zeros. */
    async function toldOf<K extends ExternalKind>(
      solves: K,
      change: (given: Given[K]) => Given[K] = (it) => it,
    ) {
      const described = program(
        `${USES}import { writeFileSync } from 'node:fs';
         const { x, mask } = problem;
         const read = (name) => (name ? [...load(name).values] : name);
         writeFileSync('told.json', JSON.stringify({ ...problem, x: read(x), mask: read(mask) }));
         say({ type: 'result', x: x ?? zeros() });`,
        { solves },
      );
      const solver = externalSolver(described) as unknown as Solver<K>;
      const given = change(posedFor(solves).given(solver, prior, 2));
      const { restored } = await runSolver(solver, given, prior, {}, { compile: compileEager });
      const told = JSON.parse(readFileSync(join(dirname(described.file), 'told.json'), 'utf8'));
      return { given, restored, told };
    }

    it.each(['invert', 'edit', 'translate'] as const)(
      'to %s is told of pictures, and finds some',
      async (kind) => {
        const { given, restored, told } = await toldOf(kind);
        const x = [...(await given.x.data())];
        expect(told).toMatchObject({ kind, x, imageShape: [3, 16, 16], prior: { name: prior.name } });
        expect([...restored]).toEqual(x);
      },
    );

    it('to edit is told what they show and are to show, and where they may change if the task says it', async () => {
      const { given, told } = await toldOf('edit');
      expect(told).toMatchObject({ captions: given.captions, targets: given.targets, mask: null });
      const ones = tf.ones([2, 1, 16, 16]);
      const masked = await toldOf('edit', (it) => ({ ...it, mask: ones }));
      expect(masked.told.mask).toEqual([...(await ones.data())]);
    });

    it('to invert is told what they show, where that is known', async () => {
      const { given, told } = await toldOf('invert');
      expect(told.captions).toEqual(given.captions);
      expect((await toldOf('invert', ({ x }) => ({ x }))).told.captions).toBeNull();
    });

    it('to generate is told captions alone, to translate two domains', async () => {
      const generated = await toldOf('generate');
      expect(generated.told.captions).toEqual(generated.given.captions);
      expect(generated.told).not.toHaveProperty('x');
      const translated = await toldOf('translate');
      expect(translated.told).toMatchObject({ from: translated.given.from, to: translated.given.to });
    });

    it('is told of no operator, and can ask for none of its functions', async () => {
      const { told } = await toldOf('edit');
      for (const key of ['operator', 'y', 'sigma']) expect(told).not.toHaveProperty(key);
      expect(told.functions).toEqual(
        expect.arrayContaining(['predict', 'encode', 'decode', 'embed', 'normal']),
      );
      expect(told.functions).not.toContain('forward');
      const asking = externalSolver(
        program(`${USES}await call('forward', { x: zeros() });`, { solves: 'edit' }),
      ) as unknown as Solver<'edit'>;
      const given = posedFor('edit').given(asking, prior, 2);
      await expect(runSolver(asking, given, prior, {}, { compile: compileEager })).rejects.toThrow(
        'mine: asked for forward: a task to edit has no operator',
      );
    });
  });

  it('has its steps shown and its network calls counted, as any solver', async () => {
    const { seen } = solved(`
      for (let i = 1; i <= 3; i++) {
        const x = save('x.npy', pictures, new Float32Array(size));
        const { value, variance } = await call('predict', { x, t: 500 });
        if (load(value).values.length !== size || load(variance).values.length !== size) process.exit(9);
        await call('predictVjp', { x: zeros(), v: value, t: 500 });
        say({ type: 'progress', done: i, total: 3 });
      }
      say({ type: 'result', x: zeros() });`);
    const { progress, calls, restored, shape } = await seen;
    expect(progress).toEqual([
      [1, 3],
      [2, 3],
      [3, 3],
    ]);
    expect(calls).toEqual({ unetForward: 6, unetBackward: 3 });
    expect(shape).toEqual([2, 3, 16, 16]);
    expect(restored.every((value) => value === 0)).toBe(true);
  });

  it('has the draws of its pictures, which no batch changes', async () => {
    const { seen } = solved("say({ type: 'result', x: (await call('normal', { role: 'initial' })).value });");
    const { restored } = await seen;
    const alone = solved("say({ type: 'result', x: (await call('normal', { role: 'initial' })).value });");
    expect((await alone.seen).restored).toEqual(restored);
    expect(restored.some((value) => value > 1)).toBe(true);
  });

  it('leaves nothing behind, well or badly ended', async () => {
    const before = scratchFolders();
    await solved("say({ type: 'result', x: zeros() });").seen;
    await expect(solved('process.exit(1)').seen).rejects.toThrow();
    expect(scratchFolders()).toEqual(before);
  });

  it('finds what a killed worker left removed', async () => {
    const mine = scratchFolders();
    const { seen } = solved(
      "import { basename } from 'node:path'; console.error(basename(problem.scratch)); say({ type: 'result', x: zeros() });",
    );
    const [name] = scratchFolders().filter((one) => !mine.includes(one));
    await seen;
    // No process has such a number.
    const orphan = join(tmpdir(), name!.replace(`-${process.pid}-`, '-999999999-'));
    mkdirSync(orphan);
    await solved("say({ type: 'result', x: zeros() });").seen;
    expect(scratchFolders()).not.toContain(orphan.split('/').at(-1));
  });
});

describe('whatever a program does wrong is one sentence that names it:', () => {
  it.each([
    [
      'an end without a result',
      "console.error('no weights'); process.exit(3);",
      'ended (exit code 3) before it gave a result; the last that it wrote to standard error: no weights',
    ],
    [
      'a crash',
      'process.kill(process.pid, "SIGSEGV"); await new Promise(() => setTimeout(() => {}, 1e6));',
      'was ended by SIGSEGV before it gave a result',
    ],
    [
      'an uncaught error',
      'throw new Error("lost");',
      'ended (exit code 1) before it gave a result; the last that it wrote to standard error: Error: lost',
    ],
    ['an error of its own', "say({ type: 'error', message: 'needs a mask' });", 'gave up: needs a mask'],
    [
      'a print',
      "console.log('step 1');",
      'wrote "step 1" to standard output, which is the harness\'s: print to standard error instead (Python: print(..., file=sys.stderr))',
    ],
    [
      'a result of bytes that the noise has left',
      "say({ type: 'result', x: save('x.npy', pictures, new Float32Array(size).fill(-3).fill(254, 9)) });",
      'its result has values from -3 to 254; expected about -1 to 1 (of bytes: byte / 127.5 - 1)',
    ],
    [
      'a line without an end',
      "process.stdout.write('x'.repeat(2 ** 21)); await new Promise(() => setTimeout(() => {}, 1e6));",
      'wrote more than 1 MiB to standard output without an end of line; expected JSON messages',
    ],
    [
      'an unknown message',
      "say({ type: 'reslut', x: zeros() });",
      'sent a message of the type "reslut": did you mean "result"?',
    ],
    [
      'a message without what it needs',
      "say({ type: 'result' });",
      'sent result: x: found nothing; expected string',
    ],
    [
      'an unknown function',
      "await call('predcit', { x: zeros(), t: 1 });",
      'asked for "predcit", unknown: did you mean "predict"?',
    ],
    [
      'a function that the prior lacks',
      "await call('decode', { z: zeros() });",
      'asked for decode: prior fake pixels diffuses pictures and has no autoencoder',
    ],
    [
      'a missing argument',
      "await call('predict', { x: zeros() });",
      'sent evaluate predict: t: found nothing; expected number',
    ],
    [
      'an argument too many',
      "await call('forward', { x: zeros(), t: 1 });",
      'sent evaluate forward: Unrecognized key: "t"',
    ],
    [
      'an argument of another shape',
      "await call('forward', { x: save('x.npy', [2, 3, 4, 4], new Float32Array(96)) });",
      'asked for forward, x: x.npy has the shape [2,3,4,4]; expected [2,3,16,16]',
    ],
    [
      'a result of another shape',
      "say({ type: 'result', x: save('x.npy', pictures.slice(1), new Float32Array(size / 2)) });",
      'x.npy has the shape [3,16,16]; expected [2,3,16,16]',
    ],
    [
      'a result in bytes',
      "say({ type: 'result', x: save('x.npy', pictures, [], { descr: '|u1', bytes: Buffer.alloc(size) }) });",
      'x.npy holds uint8; expected float32 or float64, pictures in [-1,1]',
    ],
    [
      'a transposed result',
      "say({ type: 'result', x: save('x.npy', pictures, new Float32Array(size), { order: 'True' }) });",
      'x.npy is in Fortran order; expected C order: numpy.ascontiguousarray(x)',
    ],
    [
      'a file cut short',
      "say({ type: 'result', x: save('x.npy', pictures, new Float32Array(5)) });",
      'x.npy has 20 bytes of values, where [2,3,16,16] takes 6144',
    ],
    [
      'a file that is no array',
      "import { writeFileSync } from 'node:fs'; writeFileSync(problem.scratch + '/x.npy', 'hello, I am no array'); say({ type: 'result', x: 'x.npy' });",
      'x.npy is no .npy file',
    ],
    [
      'a file that is not there',
      "say({ type: 'result', x: 'x.npy' });",
      'x.npy: expected a file, found nothing',
    ],
    [
      'a file outside of the scratch folder',
      "say({ type: 'result', x: '/etc/hostname' });",
      '/etc/hostname lies outside of the scratch folder',
    ],
    [
      'a way out of the scratch folder',
      "say({ type: 'result', x: '../x.npy' });",
      '../x.npy lies outside of the scratch folder',
    ],
    [
      'a link out of the scratch folder',
      "import { symlinkSync } from 'node:fs'; symlinkSync('/etc/hostname', problem.scratch + '/x.npy'); say({ type: 'result', x: 'x.npy' });",
      'x.npy lies outside of the scratch folder',
    ],
  ])('%s', async (_, body, told) => {
    await expect(solved(body).seen).rejects.toThrow(`mine: ${told}`);
  });

  it('a program that is not there', async () => {
    await expect(solved('', { command: ['no-such-program'] }).seen).rejects.toThrow(
      'mine: cannot start: there is no program no-such-program',
    );
  });

  it('a program that may not be executed', async () => {
    await expect(solved('', { command: ['./mine.mjs'] }).seen).rejects.toThrow(
      'mine: cannot start: ./mine.mjs may not be executed',
    );
  });

  it('NaN in the result is the picture that has it', async () => {
    const { restored } = await solved(
      "const values = new Float32Array(size); values[0] = NaN; say({ type: 'result', x: save('x.npy', pictures, values) });",
      {},
      fakePixelPrior(),
    ).seen;
    expect(restored[0]).toBeNaN();
  });
});

it('a latent prior has its autoencoder and its prompts', async () => {
  const { seen } = solved(
    `const c = load((await call('embed', { prompts: ['a', 'b'] })).value);
     const z = await call('normal', { role: 'initial' });
     await call('predict', { x: z.value, t: 10, c: save('c.npy', c.shape, c.values) });
     const latents = load((await call('normal', { role: 'step' })).value);
     say({ type: 'result', x: (await call('decode', { z: save('z.npy', latents.shape, latents.values) })).value });`,
    {},
    fakePrior() as never,
  );
  const { calls } = await seen;
  expect(calls).toEqual({ unetForward: 1, decoder: 1 });
});

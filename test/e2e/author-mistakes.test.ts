/** What the author of a solver gets wrong gives one sentence, with the file and the line where there is one. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

vi.setConfig({ hookTimeout: 300_000 });

const JUDGE = fileURLToPath(new URL('./plugins/judge.mjs', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'tweedie-mistakes-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Stands on the line of the author's mistake. */
const MARK = '/* here */';
const HEAD = `import { ddim, defineSolver, steps, tf, z } from 'tweedie';

export default defineSolver({
  name: 'mine',
  version: 1,
  paper: 'none',
  requires: {},
  params: z.strictObject({ steps, stepSize: z.number().default(1) }),
`;
const solving = (body: string, solve = 'async solve') =>
  `${HEAD}  ${solve}({ y }, prior, p, run) {\n    ${body}\n  },\n});\n`;
/** A loop whose step, or its call, is the mistake. */
const looping = (step: string, call = 's = await step(s, at);', end = 'return s.x;') =>
  solving(`let outside = 1, kept;
    const step = run.step(${step});
    let s = { x: run.normal('initial', prior.shape) };
    for (const at of run.steps(ddim(prior, { steps: p.steps, eta: 0 }))) {
      outside += 1;
      ${call}
    }
    ${end}`);

const files: string[] = [];
let verdicts: { told?: string; lost?: object }[] = [];
beforeAll(() => {
  const stdout = execFileSync(process.execPath, [JUDGE, ...files], { encoding: 'utf8' });
  verdicts = JSON.parse(stdout.trim().split('\n').at(-1)!);
});

/** Writes a file for the judge; its verdict is there when tests run. */
function file(source: string, ending = 'js') {
  const path = join(folder, `mine${files.length}.${ending}`);
  writeFileSync(path, source);
  const index = files.push(path) - 1;
  const marked = source.split('\n').findIndex((line) => line.includes(MARK)) + 1;
  return { place: marked > 0 ? `${path}:${marked}` : path, verdict: () => verdicts[index]! };
}

/** A test that a file is told of by this sentence, with the place of its mark. */
function told(what: string, source: string, sentence: string, ending?: string): void {
  const { place, verdict } = file(source, ending);
  it(what, () => {
    expect(verdict().told).toContain(sentence);
    expect(verdict().told).toContain(`${place}:`);
    expect(verdict().told).not.toContain('\n');
  });
}

describe('a solver, of which the line of `solve` is known:', () => {
  const returning = (what: string, body: string, sentence: string) =>
    told(what, solving(body, `async ${MARK} solve`), sentence);
  const tensor = 'expected a tensor [2,3,16,16] or { x }';

  returning('it returns nothing', '', `mine returned undefined, ${tensor}`);
  returning('it returns null', 'return null;', `mine returned null, ${tensor}`);
  returning(
    'a result of the wrong shape',
    'return tf.zeros([2, 16, 16, 3]);',
    'mine returned [2,16,16,3], expected [2,3,16,16]',
  );
  returning(
    'one picture of a batch',
    'return tf.zeros([1, 3, 16, 16]);',
    'mine returned [1,3,16,16], expected [2,3,16,16]',
  );
  returning(
    'a result of integers',
    "return tf.zeros([2, 3, 16, 16], 'int32');",
    'mine returned a tensor of int32, expected float32',
  );
  returning(
    'pixels of 0 to 255',
    'return tf.fill([2, 3, 16, 16], 200);',
    'mine returned values from 0 to 200, as bytes have them; expected about -1 to 1',
  );
  returning(
    'a disposed tensor',
    'const x = tf.zeros([2, 3, 16, 16]); x.dispose(); return x;',
    'mine returned a tensor that is disposed',
  );
  returning(
    'a promise inside its result',
    'return { x: Promise.resolve(y) };',
    'mine returned { x: a promise }: `await` is missing',
  );
  returning('it throws a text', "throw 'no luck';", 'no luck');
  returning('it rejects with nothing', 'return Promise.reject();', 'undefined was thrown, which is no error');
});

describe('a line of a solver', () => {
  const calling = (what: string, call: string, sentence: string) =>
    told(what, solving(`${MARK} ${call};\n    return y;`), sentence);

  calling(
    'reads a parameter that is not declared',
    'tf.mul(y, p.stepsize)',
    'mine has no parameter "stepsize": did you mean "stepSize"?',
  );
  calling(
    'asks for an unknown role',
    "run.normal('start', [3])",
    'run.normal: unknown role "start": expected one of initial, step',
  );
  calling(
    'uses what is not there',
    'prior.autoencodr.decode(y)',
    "Cannot read properties of undefined (reading 'decode')",
  );
  calling('calls a function that there is not', 'tf.squareRoot(y)', 'tf.squareRoot is not a function');
  calling(
    'walks a grid that is none',
    '[...run.steps(50)]',
    'run.steps: expected a grid, as ddim(prior, { steps, eta }) makes it; found 50',
  );
  calling('makes a grid of a negative number of steps', 'ddim(prior, { steps: -5, eta: 0 })', 'found -5');
  calling('makes an array that is too large', 'new Float32Array(1e13)', 'Invalid typed array length');
  calling(
    'reports what is no number',
    'run.progress(NaN, 3)',
    'run.progress(NaN, 3): expected two numbers of steps',
  );
  calling('uses a disposed tensor', 'y.dispose(), tf.add(y, 1)', 'mine: ');
});

describe('a step', () => {
  const CALL = `${MARK} s = await step(s, at);`;
  const IDLE = '({ x }) => ({ x })';
  const stepping = (what: string, source: string, sentence: string) => told(what, source, sentence);

  stepping(
    'that returns nothing',
    looping('() => {}', CALL),
    "a step's function returned undefined; expected what has changed of the state, as { x }",
  );
  stepping('that returns a tensor', looping('({ x }) => x', CALL), "a step's function returned Tensor");
  stepping(
    'that returns no tensor',
    looping('() => ({ x: 3 })', CALL),
    "a step's function returned 3 as x; expected a tensor",
  );
  stepping(
    'that is asynchronous',
    looping('async ({ x }) => ({ x })', CALL),
    "a step's function returned a promise; expected the state at once",
  );
  stepping(
    'that captures a number which changes',
    looping('({ x }) => ({ x: tf.mul(x, outside) })', CALL),
    'a compiled step uses a value from outside that changed between calls',
  );
  stepping(
    'that captures a tensor which changes',
    looping('({ x }) => ({ x: tf.add(x, kept) })', `kept = tf.fill(prior.shape, outside);\n      ${CALL}`),
    'a compiled step uses a value from outside that changed between calls',
  );
  stepping(
    'that is not awaited in its loop',
    looping(IDLE, `${MARK} s = step(s, at);`),
    'found the state of a step is a promise: `await` is missing',
  );
  stepping(
    'that is not awaited before its result is read',
    looping(IDLE, `${MARK} return step(s, at).x;`),
    'found "x" of a step\'s promise: `await` is missing',
  );
  stepping(
    'that is not told its place in the grid',
    looping(IDLE, `${MARK} s = await step(s);`),
    'a step was called with no `at`',
  );
  stepping(
    'that fails inside',
    looping(`({ x }) => ({ x: tf.matMul(${MARK} x, 'y') })`),
    "Argument 'b' passed to 'matMul'",
  );
});

describe('a file', () => {
  told('with a mistake of syntax', solving(`const x = ${MARK} ;`), 'Unexpected token');
  told(
    'that imports an unknown package',
    `import a ${MARK} from 'no-such-package';\n`,
    'cannot find no-such-package',
  );
  told('that imports an unknown file', `\nimport a ${MARK} from './nothing.js';\n`, 'nothing.js');
  told(
    'that imports an unknown name',
    `\nimport { defineSolvr ${MARK} } from 'tweedie';\n`,
    'tweedie exports no "defineSolvr": did you mean "defineSolver"?',
  );
  told('that throws', `\n${MARK} nothing.here;\n`, 'nothing is not defined');
  told('that ends the program', `\n${MARK} process.exit(1);\n`, 'it ends the program (process.exit(1))');
  told(
    'in TypeScript, with a mistake of syntax',
    `\nconst a: number ${MARK} = = 3;\nexport default a;\n`,
    'Unexpected token',
    'ts',
  );
  told(
    'in TypeScript, with a namespace',
    `\nexport namespace N { ${MARK} export const a = 1; }\n`,
    'expected TypeScript whose types can be left out, found "namespace"',
    'ts',
  );
  told(
    'in TypeScript, with types before the line of a mistake',
    `interface A {\n  b: number;\n}\n${MARK} (undefined as unknown as A).b;\n`,
    "Cannot read properties of undefined (reading 'b')",
    'ts',
  );

  const exporting = (what: string, source: string, sentence: string) =>
    told(
      what,
      source.startsWith('export') ? source : `${source}  async solve({ y }) { return y; },\n});\n`,
      sentence,
    );
  exporting('without a default export', 'export const a = 1;\n', 'it has none (export default ...)');
  exporting(
    'without a version',
    HEAD.replace('  version: 1,\n', ''),
    'mine: version: expected a whole number, found undefined',
  );
  exporting(
    'whose parameters are no schema',
    HEAD.replace(/params: .*,/, 'params: { steps: 3 },'),
    'mine: params: expected a z.object of the z that "tweedie" exports',
  );
  exporting(
    'with an unknown requirement',
    HEAD.replace('{}', '{ decoder: true }'),
    'mine: requires: unknown "decoder"',
  );
  exporting(
    'with a mistyped property',
    HEAD.replace('paper', 'papers'),
    'mine: unknown property "papers": did you mean "paper"?',
  );
});

describe('a result that is not finite', () => {
  const { verdict } = file(looping('({ x }) => ({ x: tf.div(x, 0) })', undefined, 'return y;'));
  it('is told with its step', () => {
    expect(verdict().lost).toMatchObject({ name: 'x', step: 1, of: 4 });
  });
});

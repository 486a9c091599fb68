import { beforeAll, describe, expect, it } from 'vitest';
import '../../harness/engine/ops.ts';
import { type Compile, compileEager } from '../../harness/engine/compile.ts';
import { openDevice } from '../../harness/engine/device.ts';
import { tf } from '../../harness/engine/tf.ts';
import { CASES, type Case, tensorOf } from './cases.ts';
import { type Answer, answer, expectClose } from './conformance.ts';

/** float32: some roundings apart, relative to the largest number of a result. */
const TOLERANCE = 1e-5;

/** What tfjs's wasm backend cannot run: kernels, and gradients of kernels that it can. */
const WASM_LACKS = {
  values: ['UnsortedSegmentSum', 'Conv2dNchwGradW'],
  gradients: ['GatherV2', 'Conv2dNchw'],
};

/** What tfjs's wasm backend computes wrongly. Nothing here runs it there. */
const WASM_ERRS = [
  'Log1p, numbers far below 1',
  'ClipByValue, int32',
  'FloorDiv, float32',
  'FloorDiv, int32 beyond 2^24',
  'Select, float32 or int32',
  'Cast, float32 to bool',
  'Sum, none',
  'OneHot, other values, float32',
];

const names = (backend: string) =>
  tf
    .getKernelsForBackend(backend)
    .map(({ kernelName }) => kernelName)
    .sort();

const rows = Object.entries(CASES).flatMap(([kernel, cases]) =>
  cases.map((testCase) => ({ kernel, name: testCase.name, testCase })),
);

/** tfjs has a gradient for it and the result is continuous. */
function differentiable(kernel: string, { valueOnly }: Case, { values }: Answer): boolean {
  return !valueOnly && !!tf.getGradient(kernel) && values.every(({ dtype }) => dtype === 'float32');
}

async function reference(kernel: string, testCase: Case): Promise<Answer> {
  await tf.setBackend('cpu');
  const values = await answer(compileEager, testCase, false);
  return differentiable(kernel, testCase, values) ? answer(compileEager, testCase, true) : values;
}

describe('the table of cases', () => {
  beforeAll(() => openDevice('cpu'));

  it('has every kernel of the onnx backend, and no other', () => {
    expect(Object.keys(CASES).sort()).toEqual(names('onnx'));
  });

  it.each(rows)('$kernel, $name: runs that kernel', async ({ kernel, testCase }) => {
    await tf.setBackend('cpu');
    const { kernelNames } = await tf.profile(() => testCase.run(...testCase.args.map(tensorOf)));
    expect(kernelNames).toContain(kernel);
  });
});

describe('onnx gives the values and gradients of plain tfjs', () => {
  let compile: Compile;
  beforeAll(async () => {
    ({ compile } = await openDevice('cpu'));
  });

  it.each(rows)('$kernel, $name', async ({ kernel, testCase }) => {
    const expected = await reference(kernel, testCase);
    await tf.setBackend('onnx');
    const actual = await answer(compile, testCase, differentiable(kernel, testCase, expected));
    expectClose(actual.values, expected.values, TOLERANCE);
    expectClose(actual.gradients, expected.gradients, TOLERANCE);
  });
});

describe('wasm gives the values and gradients of plain tfjs', () => {
  beforeAll(() => openDevice('wasm'));

  const sound = rows.filter(({ kernel, name }) => !WASM_ERRS.includes(`${kernel}, ${name}`));

  it('where it errs is a case of the table', () => {
    expect(rows.length - sound.length).toBe(WASM_ERRS.length);
  });

  it.each(sound)('$kernel, $name', async ({ kernel, testCase }) => {
    const expected = await reference(kernel, testCase);
    await tf.setBackend('wasm');
    const values = answer(compileEager, testCase, false);
    if (WASM_LACKS.values.includes(kernel)) return expect(values).rejects.toThrow('not registered');
    expectClose((await values).values, expected.values, TOLERANCE);
    if (!differentiable(kernel, testCase, expected)) return;
    const gradients = answer(compileEager, testCase, true);
    if (WASM_LACKS.gradients.includes(kernel)) return expect(gradients).rejects.toThrow('not registered');
    expectClose((await gradients).gradients, expected.gradients, TOLERANCE);
  });
});

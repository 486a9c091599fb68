/** The conformance suite: every kernel and its gradient, on each device, against tfjs's plain JavaScript. */
import { beforeAll, describe, expect, it } from 'vitest';
import '../../harness/engine/ops.ts';
import { type Compile, compileEager } from '../../harness/engine/compile.ts';
import { openDevice } from '../../harness/engine/device.ts';
import { tf } from '../../harness/engine/tf.ts';
import { TESTED_DEVICES } from '../support/device.ts';
import { CASES, type Case, tensorOf } from './cases.ts';
import { type Answer, answer, expectClose } from './conformance.ts';
import { gapsOf, names, toleranceOf } from './gaps.ts';

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
    const kernels = tf.getKernelsForBackend('onnx').map(({ kernelName }) => kernelName);
    expect(Object.keys(CASES).sort()).toEqual(kernels.sort());
  });

  it.each(rows)('$kernel, $name: runs that kernel', async ({ kernel, testCase }) => {
    await tf.setBackend('cpu');
    const { kernelNames } = await tf.profile(() => testCase.run(...testCase.args.map(tensorOf)));
    expect(kernelNames).toContain(kernel);
  });
});

describe.each(TESTED_DEVICES)('%s gives the values and gradients of plain tfjs', (device) => {
  const gaps = gapsOf(device);
  const sound = rows.filter(({ kernel, name }) => !names(gaps.errs, kernel, name));
  let compile: Compile;
  let backend: string;
  beforeAll(async () => {
    ({ compile } = await openDevice(device));
    backend = tf.getBackend();
  });

  it('what it lacks is in the table', () => {
    const known = rows.flatMap(({ kernel, name }) => [kernel, `${kernel}, ${name}`]);
    const listed = [...gaps.lacks, ...gaps.lacksGradient, ...gaps.errs, ...Object.keys(gaps.loose)];
    expect(listed.filter((entry) => !known.includes(entry))).toEqual([]);
  });

  it.each(sound)('$kernel, $name', async ({ kernel, name, testCase }) => {
    const expected = await reference(kernel, testCase);
    const tolerance = toleranceOf(gaps, kernel, name);
    await tf.setBackend(backend);
    const values = answer(compile, testCase, false);
    if (names(gaps.lacks, kernel, name))
      return expect(values).rejects.toThrow(`device ${device} has no operator`);
    expectClose((await values).values, expected.values, tolerance);
    if (!differentiable(kernel, testCase, expected)) return;
    const gradients = answer(compile, testCase, true);
    if (names(gaps.lacksGradient, kernel, name))
      return expect(gradients).rejects.toThrow(`device ${device} has no operator`);
    expectClose((await gradients).gradients, expected.gradients, tolerance);
  });
});

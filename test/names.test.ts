import { expect, it } from 'vitest';
import { nearest } from '../harness/names.ts';

it.each([
  ['superres', ['gaussian-deblurring', 'super-resolution'], 'did you mean "super-resolution"?'],
  ['dsp', ['diffpir-2023', 'dps-2023', 'dwgf'], 'did you mean "dps-2023"?'],
  ['dog', ['diffpir-2023', 'dps-2023'], 'expected one of diffpir-2023, dps-2023'],
  ['sup', ['psnr', 'super-resolution'], 'did you mean "super-resolution"?'],
])('of a beginning: %s among %j', (found, names, said) => {
  expect(nearest(found, names)).toBe(said);
});

it('of two equally near names the one whose letters changed places', () => {
  expect(nearest('mme', ['time', 'mem'])).toBe('did you mean "mem"?');
});

it('the nearest name of one that is spelt as in its paper', () => {
  expect(nearest('ddnm+', ['ddnm', 'ddnm-plus'])).toBe('did you mean "ddnm-plus"?');
});

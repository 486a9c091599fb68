import { type ExpectedTensors, refuseOtherTensors } from './compare-tensors.ts';
import { WeightFiles } from './weight-files.ts';

/** Compares the headers of weights with what a network asks for; reads no values. Throws UserError where they differ. */
export function refuseOtherWeights(path: string, expected: ExpectedTensors): void {
  const files = new WeightFiles(path, expected.section);
  try {
    refuseOtherTensors(path, expected, files.entries);
  } finally {
    files.close();
  }
}

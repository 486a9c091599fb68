import { createRequire } from 'node:module';
import { dirname } from 'node:path';

/** The folder of the package onnxruntime-node. */
export function onnxruntimeFolder(): string {
  return dirname(dirname(createRequire(import.meta.url).resolve('onnxruntime-node')));
}

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { PACKAGE_ROOT } from '../../harness/package-root.ts';

it('one module alone imports ONNX Runtime, after the one that silences it', () => {
  const importers = ['harness', 'datasets', 'test'].flatMap((room) =>
    readdirSync(join(PACKAGE_ROOT, room), { recursive: true, encoding: 'utf8' })
      .map((file) => join(room, file))
      .filter((file) => file.endsWith('.ts') && /(from|import\() ?'onnxruntime-node'/.test(textOf(file))),
  );
  expect(importers).toEqual(['harness/engine/onnx/runtime.ts']);
  const imported = [...textOf(importers[0]!).matchAll(/'(.+)';$/gm)].map(([, name]) => name);
  expect(imported).toEqual(['./no-telemetry.ts', 'onnxruntime-node']);
});

it('its telemetry is off in this process, and in what it starts', async () => {
  await import('../../harness/engine/onnx/runtime.ts');
  expect(process.env.ORT_DISABLE_TELEMETRY).toBe('1');
});

function textOf(file: string): string {
  return readFileSync(join(PACKAGE_ROOT, file), 'utf8');
}

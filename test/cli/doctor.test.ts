import { expect, it } from 'vitest';
import { tweedie } from './run-cli.ts';

it('doctor reports on Node, the packages, the native libraries and the devices', async () => {
  const { code, stdout } = await tweedie('doctor', '--json');
  expect(code).toBe(0);
  const findings = JSON.parse(stdout) as { state: string; part: string; detail: string }[];
  const states = Object.fromEntries(findings.map(({ part, state }) => [part, state]));
  expect(states).toMatchObject({
    'Node.js': 'ok',
    packages: 'ok',
    'onnxruntime-node': 'ok',
    'SQLite (better-sqlite3)': 'ok',
    'pictures (sharp)': 'ok',
    'charts (chartjs-node-canvas)': 'ok',
    'device cpu[:threads]': 'ok',
  });
});

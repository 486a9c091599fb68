import { afterEach, expect, it, vi } from 'vitest';
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
    'results folder': 'ok',
    'device cpu[:threads]': 'ok',
  });
});

afterEach(() => vi.unstubAllEnvs());

it('doctor lists every device, and what each that is missing needs', async () => {
  const { stdout } = await tweedie('doctor', '--json');
  const findings = JSON.parse(stdout) as { state: string; part: string; remedy?: string }[];
  const devices = findings.filter(({ part }) => part.startsWith('device '));
  expect(devices.map(({ part }) => part)).toEqual([
    'device cpu[:threads]',
    'device cuda:N',
    'device tensorrt:N',
    'device webgpu',
    'device tensorflow:N',
    'device wasm',
  ]);
  for (const { state, remedy } of devices) expect(remedy === undefined).toBe(state === 'ok');
});

it.runIf(process.platform === 'linux' && process.arch === 'x64')(
  'doctor --install cuda says in one line why the download failed',
  async () => {
    // A port that nothing listens on: this test must never fetch anything.
    for (const scheme of ['HTTP', 'HTTPS']) vi.stubEnv(`GLOBAL_AGENT_${scheme}_PROXY`, 'http://127.0.0.1:9');
    const { code, stderr } = await tweedie('doctor', '--install', 'cuda');
    expect(code).toBe(2);
    expect(stderr).toMatch(/^ONNX Runtime's CUDA provider could not be installed: .*ECONNREFUSED.*$/);
  },
);

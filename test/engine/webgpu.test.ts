/**
 * The conformance suite on WebGPU, on Vulkan in software where there is no card: slow, so kernels, network operators and
 * one U-Net of each kind. In a process of its own: a driver that crashes fails this test, not those of other files.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, it, onTestFinished } from 'vitest';
import { softwareVulkan } from '../support/software-vulkan.ts';

const SUITES = [
  'test/engine/kernels.test.ts',
  'test/engine/ops.test.ts',
  'test/engine/gradients.test.ts',
  'test/networks/unet2d-condition.test.ts',
];
const MINUTES = 60_000;

interface Report {
  numPassedTests: number;
  testResults: {
    message: string;
    assertionResults: { status: string; fullName: string; failureMessages: string[] }[];
  }[];
}

it('kernels, network operators and U-Nets conform on webgpu', { timeout: 15 * MINUTES }, async ({ skip }) => {
  const vulkan = softwareVulkan();
  if (!vulkan) return skip('no Vulkan driver in software (Debian: apt install chromium)');
  const dir = mkdtempSync(join(tmpdir(), 'tweedie-webgpu-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  const outputFile = join(dir, 'report.json');
  const vitest = join(createRequire(import.meta.url).resolve('vitest/package.json'), '../vitest.mjs');
  const args = [vitest, 'run', ...SUITES, '--reporter=json', `--outputFile=${outputFile}`];
  const child = spawn(process.execPath, [...args, `--testTimeout=${5 * MINUTES}`], {
    env: { ...withoutVitest(process.env), ...vulkan, TWEEDIE_TEST_DEVICES: 'webgpu' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [[code, signal], stderr] = await Promise.all([once(child, 'close'), text(child.stderr!)]);

  expect(existsSync(outputFile), `no report; exit ${code ?? signal}; ${stderr.slice(-2000)}`).toBe(true);
  const report = JSON.parse(readFileSync(outputFile, 'utf8')) as Report;
  const broken = report.testResults.filter(({ assertionResults }) => assertionResults.length === 0);
  const failed = report.testResults.flatMap(({ assertionResults }) =>
    assertionResults.filter(({ status }) => status === 'failed'),
  );
  expect(broken.map(({ message }) => message)).toEqual([]);
  expect(failed.map(({ fullName, failureMessages }) => `${fullName}: ${failureMessages[0]}`)).toEqual([]);
  expect(report.numPassedTests).toBeGreaterThan(700);
  expect(code, stderr.slice(-2000)).toBe(0);
});

/** What vitest tells its workers would confuse another vitest. */
function withoutVitest(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('VITEST')));
}

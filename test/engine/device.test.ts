import { afterEach, describe, expect, it, vi } from 'vitest';
import { deviceKinds, listDevices, openDevice, requireDevice } from '../../harness/engine/device.ts';
import { UserError } from '../../harness/errors.ts';
import { softwareVulkan } from '../support/software-vulkan.ts';

const KNOWN = 'expected cpu[:threads] or cuda:N or tensorrt:N or webgpu or tensorflow:N or wasm';

afterEach(() => vi.unstubAllEnvs());

describe('a device name', () => {
  it('begins with a kind that is listed', async () => {
    const listed = (await listDevices()).map(({ name }) => name.split(/\W/)[0]);
    expect(deviceKinds).toEqual(listed);
  });

  it.each([
    ['cupu', `unknown device "cupu": ${KNOWN}; did you mean "cpu"?`],
    ['cpu:0', `unknown device "cpu:0": ${KNOWN}`],
    ['cpu:1.5', `unknown device "cpu:1.5": ${KNOWN}`],
    ['cpu:two', `unknown device "cpu:two": ${KNOWN}`],
    ['cpu+cpu', `unknown device "cpu+cpu": ${KNOWN}`],
    ['cuda', `unknown device "cuda": ${KNOWN}; did you mean "cuda:0"?`],
    ['cuda:first', `unknown device "cuda:first": ${KNOWN}`],
    ['webgpu:0', `unknown device "webgpu:0": ${KNOWN}; did you mean "webgpu"?`],
  ])('%s is refused', async (name, message) => {
    await expect(requireDevice(name)).rejects.toThrow(UserError);
    await expect(openDevice(name)).rejects.toThrow(message);
  });
});

it('cpu takes a number of threads, and says so', async () => {
  const device = await openDevice('cpu:3');
  expect(device.name).toBe('cpu:3');
  expect(device.info()).toEqual({
    engine: 'onnxruntime',
    provider: 'cpu',
    precision: 'float32',
    threads: '3',
  });
});

it.each([
  ['cpu', 'float16', 'cuda:N, tensorrt:N, webgpu'],
  ['wasm', 'float16', 'cuda:N, tensorrt:N, webgpu'],
  ['webgpu', 'tf32', 'cuda:N, tensorrt:N, tensorflow:N'],
] as const)('%s refuses %s, and says what has it', async (name, precision, others) => {
  await expect(openDevice(name, precision)).rejects.toThrow(
    `not in ${precision}; ${precision} is for ${others}`,
  );
});

const hasCudaProvider = (await listDevices()).some(({ name, available }) => name === 'cuda:N' && available);

describe.skipIf(hasCudaProvider)('a device that this machine lacks', () => {
  it.each([
    ['cuda:0', /^device cuda:0 is not there: .+; what it needs: .+/],
    ['tensorrt:1', /^device tensorrt:1 is not there: .+; what it needs: .+/],
    ['tensorflow:0', /^device tensorflow:0 is not there: .+; what it needs: .+/],
  ])('%s is one line that says what is lacking and what to install', async (name, line) => {
    const error = await openDevice(name).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(UserError);
    expect((error as Error).message).toMatch(line);
    expect((error as Error).message).not.toContain('\n');
  });
});

describe.runIf(process.platform === 'linux')('webgpu without a Vulkan driver', () => {
  const withoutDriver = () => {
    for (const name of ['VK_ICD_FILENAMES', 'VK_DRIVER_FILES']) vi.stubEnv(name, '/no/such/driver.json');
  };

  it('is one line that says what is lacking and what to install', async () => {
    withoutDriver();
    const error = await openDevice('webgpu').catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(UserError);
    expect((error as Error).message).toMatch(
      /^device webgpu is not there: .*No supported adapters.*; what it needs: .*libvulkan1\)$/,
    );
  });

  it('is listed as missing, beside the devices that every machine has', async () => {
    withoutDriver();
    const devices = Object.fromEntries((await listDevices()).map((device) => [device.name, device]));
    expect(devices.webgpu).toMatchObject({ available: false, install: expect.stringContaining('Vulkan') });
    expect(devices['cpu[:threads]']).toMatchObject({ available: true });
    expect(devices.wasm).toMatchObject({ available: true });
  });
});

it('webgpu is found where a driver in software is', async ({ skip }) => {
  const vulkan = softwareVulkan();
  if (!vulkan) return skip('no Vulkan driver in software (Debian: apt install chromium)');
  for (const [name, value] of Object.entries(vulkan)) vi.stubEnv(name, value);
  await expect(requireDevice('webgpu')).resolves.toBeUndefined();
});

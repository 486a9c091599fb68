import { existsSync } from 'node:fs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { deviceKinds, listDevices, openDevice, requireDevice } from '../../harness/engine/device.ts';
import { UserError } from '../../harness/errors.ts';

// Debian's chromium brings a Vulkan device in software, which lies where no program looks for it by itself.
const CHROMIUM = '/usr/lib/chromium';
const softwareVulkan = existsSync(`${CHROMIUM}/vk_swiftshader_icd.json`);

afterEach(() => vi.unstubAllEnvs());

describe('a device name', () => {
  it('begins with a kind that is listed', async () => {
    const listed = (await listDevices()).map(({ name }) => name.split(/\W/)[0]);
    expect(deviceKinds).toEqual(listed);
  });

  it.each([
    ['cupu', 'unknown device "cupu": expected cpu[:threads] or webgpu or wasm; did you mean "cpu"?'],
    ['cpu:0', 'unknown device "cpu:0": expected cpu[:threads] or webgpu or wasm'],
    ['cpu:1.5', 'unknown device "cpu:1.5": expected cpu[:threads] or webgpu or wasm'],
    ['cpu:two', 'unknown device "cpu:two": expected cpu[:threads] or webgpu or wasm'],
  ])('%s is refused', async (name, message) => {
    await expect(requireDevice(name)).rejects.toThrow(UserError);
    await expect(openDevice(name)).rejects.toThrow(message);
  });
});

it('cpu takes a number of threads, and says so', async () => {
  const device = await openDevice('cpu:3');
  expect(device.name).toBe('cpu:3');
  expect(device.info()).toEqual({ engine: 'onnxruntime', provider: 'cpu', threads: '3' });
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

it.runIf(softwareVulkan)('webgpu is found where a driver in software is', async () => {
  vi.stubEnv('LD_LIBRARY_PATH', CHROMIUM);
  vi.stubEnv('VK_ICD_FILENAMES', `${CHROMIUM}/vk_swiftshader_icd.json`);
  await expect(requireDevice('webgpu')).resolves.toBeUndefined();
});

import { existsSync } from 'node:fs';
import { delimiter } from 'node:path';

/** Debian's chromium brings a Vulkan device in software, which lies where no program looks for it by itself. */
const CHROMIUM = '/usr/lib/chromium';
const DRIVER = `${CHROMIUM}/vk_swiftshader_icd.json`;

/** The environment in which programs find it; null: this machine has none. */
export function softwareVulkan(): NodeJS.ProcessEnv | null {
  if (!existsSync(DRIVER)) return null;
  const libraries = [CHROMIUM, process.env.LD_LIBRARY_PATH].filter(Boolean).join(delimiter);
  return { VK_ICD_FILENAMES: DRIVER, VK_DRIVER_FILES: DRIVER, LD_LIBRARY_PATH: libraries };
}

import type * as fs from 'node:fs';
import { vi } from 'vitest';

/** What `fs` answers of the file system instead of the truth; null: the truth. */
export const pretended: { type: number | null; mounts: string | null } = { type: null, mounts: null };

export const NFS = 0x6969;

/** For `vi.mock('node:fs', ...)`: the file system's type and the table of mounts are what `pretended` says. */
export async function pretendingFs(original: () => Promise<unknown>): Promise<typeof fs> {
  const real = (await original()) as typeof fs;
  return {
    ...real,
    statfsSync: vi.fn((path: string) =>
      pretended.type === null ? real.statfsSync(path) : { ...real.statfsSync(path), type: pretended.type },
    ) as never,
    readFileSync: vi.fn((path: string, ...rest: never[]) =>
      path === '/proc/self/mounts' && pretended.mounts !== null
        ? pretended.mounts
        : real.readFileSync(path, ...rest),
    ) as never,
  };
}

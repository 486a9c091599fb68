import { afterEach, expect, it, vi } from 'vitest';
import { fileSystemOf } from '../harness/file-system.ts';
import { temporaryFolder } from './store/example.ts';
import { pretended } from './support/shared-folder.ts';

vi.mock('node:fs', async (original) => (await import('./support/shared-folder.ts')).pretendingFs(original));
afterEach(() => void Object.assign(pretended, { type: null, mounts: null }));

it.each([
  [0x6969, 'NFS'],
  [0xff534d42, 'SMB (CIFS)'],
  // As it is where the system's number is signed.
  [0xff534d42 - 2 ** 32, 'SMB (CIFS)'],
  [0xfe534d42, 'SMB'],
  [0x0bd00bd0, 'Lustre'],
  [0x19830326, 'BeeGFS'],
  [0x47504653, 'GPFS'],
  [0x00c36400, 'CephFS'],
  [0x65735546, 'FUSE'],
  [0x01021997, '9P'],
])('type %i is %s, which machines share', (type, name) => {
  pretended.type = type;
  expect(fileSystemOf(temporaryFolder())).toMatchObject({ name, isShared: true });
});

it('a local one has the name that the system calls it, also of a folder that is not there yet', () => {
  const dir = temporaryFolder();
  pretended.mounts = `/dev/a / ext4 rw 0 0\n/dev/b ${dir}/with\\040space xfs rw 0 0\n`;
  expect(fileSystemOf(`${dir}/not/there`)).toEqual({ name: 'ext4', isShared: false, locksHereOnly: null });
});

it.each(['nolock', 'local_lock=all', 'nobrl', 'localflock'])(
  'knows by the mount option %s that locks are not seen elsewhere',
  (option) => {
    const dir = temporaryFolder();
    pretended.type = 0x6969;
    pretended.mounts = `/dev/a / ext4 rw 0 0\nserver:/home ${dir} nfs rw,hard,${option},vers=3 0 0\n`;
    expect(fileSystemOf(dir).locksHereOnly).toBe(option);
    pretended.mounts = `server:/home ${dir} nfs rw,hard,local_lock=none 0 0\n`;
    expect(fileSystemOf(dir).locksHereOnly).toBeNull();
  },
);

import { existsSync, readFileSync, realpathSync, statfsSync } from 'node:fs';
import { dirname, resolve, sep } from 'node:path';

/** What a folder lies on. */
export interface FileSystem {
  /** `NFS`; of a local one as the system calls it, e.g. `ext4`. */
  readonly name: string;
  /** Other machines may have it too: processes share no memory there. */
  readonly isShared: boolean;
  /** A file's lock is seen by processes of this machine only: the option of the mount that makes it so; null: by all. */
  readonly locksHereOnly: string | null;
}

/** Linux's magic numbers (statfs(2), linux/magic.h, and stat.c of GNU coreutils) of what several machines may mount. */
const SHARED: ReadonlyMap<number, string> = new Map([
  [0x6969, 'NFS'],
  [0x517b, 'SMB'],
  [0xff534d42, 'SMB (CIFS)'],
  [0xfe534d42, 'SMB'],
  [0x0bd00bd0, 'Lustre'],
  [0x19830326, 'BeeGFS'],
  [0x47504653, 'GPFS'],
  [0x00c36400, 'CephFS'],
  [0xaad7aaea, 'PanFS'],
  [0x20030528, 'OrangeFS'],
  [0x5346414f, 'AFS'],
  [0x6b414653, 'AFS'],
  [0x73757245, 'Coda'],
  [0x01161970, 'GFS2'],
  [0x7461636f, 'OCFS2'],
  [0x01021997, '9P'],
  [0x786f4256, 'vboxsf'],
  // sshfs and its like. Some are local, and lose nothing by being taken for one.
  [0x65735546, 'FUSE'],
]);

/** Options of a mount (nfs(5), mount.cifs(8), mount.lustre(8)) that keep the kind of lock that SQLite takes on this machine. */
const LOCKS_HERE = /^(nolock|local_lock=(all|posix)|nobrl|localflock)$/;

/** @param folder need not be there yet */
export function fileSystemOf(folder: string): FileSystem {
  const place = realpathSync(nearestExisting(resolve(folder)));
  const mount = mountOf(place);
  const shared = process.platform === 'linux' ? SHARED.get(statfsSync(place).type >>> 0) : undefined;
  return {
    name: shared ?? mount?.type ?? 'unknown',
    isShared: shared !== undefined,
    locksHereOnly: (shared !== undefined && mount?.options.find((option) => LOCKS_HERE.test(option))) || null,
  };
}

/** The path, or the first above it that is there. */
export function nearestExisting(path: string): string {
  return existsSync(path) ? path : nearestExisting(dirname(path));
}

interface Mount {
  readonly type: string;
  readonly options: readonly string[];
}

/** null where the system does not say. */
function mountOf(path: string): Mount | null {
  let table: string;
  try {
    table = readFileSync('/proc/self/mounts', 'utf8');
  } catch {
    return null;
  }
  const mounts = table.split('\n').flatMap((line) => {
    const [, point, type, options] = line.split(' ');
    return options === undefined
      ? []
      : [{ point: unescaped(point!), type: type!, options: options.split(',') }];
  });
  // Of several at one point the last covers the others.
  return mounts
    .filter(({ point }) => path === point || path.startsWith(point.endsWith(sep) ? point : point + sep))
    .reduce<(Mount & { point: string }) | null>(
      (best, mount) => (best === null || mount.point.length >= best.point.length ? mount : best),
      null,
    );
}

/** The table writes a space as \040. */
function unescaped(point: string): string {
  return point.replaceAll(/\\(\d{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}

import { readFileSync } from 'node:fs';

/** How often the kernel's out-of-memory killer struck in this control group; 0 where that cannot be known. */
export function oomKills(): number {
  const kills = countersOf(textOf('/proc/self/cgroup')).map((file) => /^oom_kill (\d+)$/m.exec(textOf(file)));
  return Math.max(0, ...kills.map((match) => Number(match?.[1] ?? 0)));
}

/**
 * The files that count them, for the control groups of `/proc/self/cgroup` (lines `id:controllers:path`); in a container
 * the path may be that of the host, and its own group the root.
 */
export function countersOf(cgroups: string): string[] {
  return cgroups.split('\n').flatMap((line) => {
    const [id, controllers = '', path = ''] = line.split(':');
    if (id === '0') return inGroup('/sys/fs/cgroup', path, 'memory.events');
    return controllers.split(',').includes('memory')
      ? inGroup('/sys/fs/cgroup/memory', path, 'memory.oom_control')
      : [];
  });
}

function inGroup(root: string, path: string, file: string): string[] {
  return path === '/' ? [`${root}/${file}`] : [`${root}${path}/${file}`, `${root}/${file}`];
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

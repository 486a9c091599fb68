import { expect, it } from 'vitest';
import { countersOf } from '../../harness/worker/oom-kills.ts';

it.each([
  ['version 2', '0::/\n', ['/sys/fs/cgroup/memory.events']],
  ['a slice', '0::/a.slice\n', ['/sys/fs/cgroup/a.slice/memory.events', '/sys/fs/cgroup/memory.events']],
  ['version 1', '9:cpu,cpuacct:/\n8:memory:/\n', ['/sys/fs/cgroup/memory/memory.oom_control']],
  ['none', '', []],
])('the kernel counts its out-of-memory kills in the control group: %s', (_, cgroups, files) => {
  expect(countersOf(cgroups)).toEqual(files);
});

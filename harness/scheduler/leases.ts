import { availableParallelism } from 'node:os';
import { UserError } from '../errors.ts';
import type { DeviceSlots } from '../plan/plan.ts';
import type { Lease } from '../worker/messages.ts';

/** Workers that a machine is asked for at most; on accelerators several may share few cores. */
const MOST_WORKERS = 64;

/**
 * One lease a worker. Workers that share the CPU share its cores evenly: a device `cpu` without a number of threads
 * becomes `cpu:<cores / workers>`.
 * @throws UserError where there are more workers than any machine is asked for: each is a process of its own
 */
export function makeLeases(
  devices: readonly DeviceSlots[],
  common: Pick<Lease, 'precision' | 'resultsDir' | 'plugins' | 'traces'>,
  cores = availableParallelism(),
): Lease[] {
  const workers = devices.reduce((sum, { slots }) => sum + slots, 0);
  const most = Math.max(MOST_WORKERS, 2 * cores);
  if (workers > most) throw new UserError(`${workers} workers: expected at most ${most} on this machine`);
  const sharing = devices.filter(({ device }) => device === 'cpu').reduce((n, { slots }) => n + slots, 0);
  const threads = Math.max(1, Math.floor(cores / Math.max(sharing, 1)));
  const numbers = new Map<string, number>();
  return devices.flatMap(({ device, slots }) =>
    Array.from({ length: slots }, () => {
      const number = (numbers.get(device) ?? 0) + 1;
      numbers.set(device, number);
      return {
        label: `${device}/${number}`,
        device: device === 'cpu' ? `cpu:${threads}` : device,
        ...common,
      };
    }),
  );
}

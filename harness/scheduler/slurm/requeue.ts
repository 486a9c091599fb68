import { UserError } from '../../errors.ts';
import { NotNow } from './cluster.ts';
import { type Surroundings, slurmCommand } from './slurm-command.ts';

/**
 * Asks Slurm to start an element again whose time is over: nobody may be following it who would submit the rest.
 * @param job Slurm's number of the element, `123_4`
 * @returns whether it does: not every compute node has `scontrol`, and a cluster may forbid it
 */
export async function requeue(job: string, surroundings: Surroundings): Promise<boolean> {
  try {
    return (await slurmCommand('scontrol', ['requeue', job], surroundings)).code === 0;
  } catch (error) {
    if (error instanceof NotNow || error instanceof UserError) return false;
    throw error;
  }
}

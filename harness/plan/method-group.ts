import type { MethodGroup } from '../identity/method-group.ts';
import type { PriorFacts } from '../priors/prior-kind.ts';
import type { SolverPoint } from './experiment.ts';
import { passesOf } from './passes.ts';
import { type Plugin, pluginOf } from './plugins.ts';

/**
 * What tables group a method under: what stands beside its name; else classical without a network, or by whether its
 * prior models latents or pictures. null: nobody knows, as of pictures that were made elsewhere.
 */
export function groupOf(
  { solver, params, group }: SolverPoint,
  { parts }: PriorFacts,
  plugins: readonly Plugin[],
): MethodGroup | null {
  if (group !== null) return group;
  const ref = pluginOf(plugins, 'solvers', solver)?.ref;
  if (typeof ref === 'object' && 'imported' in ref) return null;
  if (passesOf(solver, params) === 0 && !solver.requires.autoencoder) return 'classical';
  if (parts?.includes('autoencoder')) return 'latent';
  return parts?.includes('pixels') ? 'pixel' : null;
}

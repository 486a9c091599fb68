import { UserError } from '../../errors.ts';
import { TorchTensor } from './torch-objects.ts';

/** Where training code keeps a state_dict inside a checkpoint. */
const SECTIONS = ['state_dict', 'model', 'ema', 'model_state_dict', 'ema_state_dict', 'params', 'params_ema'];

/**
 * The tensors of what a file holds: its own, or those of the one section that has some. Values of other kinds (counters,
 * settings) are passed over.
 * @param section which one, where a checkpoint has several
 * @throws UserError where there is none, or several and no `section`
 */
export function findStateDict(root: unknown, path: string, section?: string): Map<string, TorchTensor> {
  if (!(root instanceof Map)) throw new UserError(`${path}: holds no dictionary of tensors`);
  const own = tensorsOf(root);
  const sections = new Map(
    SECTIONS.map((name) => [name, tensorsOf(root.get(name))] as const).filter(([, found]) => found.size > 0),
  );
  if (section !== undefined) {
    const chosen = sections.get(section);
    if (chosen) return chosen;
    throw new UserError(`${path}: has no tensors under '${section}'; found ${listed([...sections.keys()])}`);
  }
  if (own.size > 0) return own;
  const [only, ...others] = sections.values();
  if (!only) {
    const keys = [...root.keys()].filter((key) => typeof key === 'string').slice(0, 10);
    throw new UserError(
      `${path}: holds no tensors at its top level, nor under ${SECTIONS.join(', ')}; found ${listed(keys)}`,
    );
  }
  if (others.length > 0) {
    throw new UserError(
      `${path}: holds several state_dicts: ${[...sections.keys()].join(', ')}; expected one, or the name of the one to take`,
    );
  }
  return only;
}

function tensorsOf(node: unknown): Map<string, TorchTensor> {
  const tensors = new Map<string, TorchTensor>();
  if (node instanceof Map) {
    for (const [name, value] of node) {
      if (typeof name === 'string' && value instanceof TorchTensor) tensors.set(name, value);
    }
  }
  return tensors;
}

function listed(names: readonly string[]): string {
  return names.length > 0 ? names.map((name) => `'${name.slice(0, 100)}'`).join(', ') : 'nothing';
}

import type { CellFile } from './record-file.ts';
import type { SolutionRecord, StoredImage } from './records.ts';

/** A record as it was before artifacts had roles. */
export interface FirstFormat extends Omit<CellFile, 'format' | 'titles' | 'solution'> {
  readonly format: 1;
  readonly solution: Omit<SolutionRecord, 'artifacts'> & {
    readonly restored: StoredImage;
    readonly truth: StoredImage;
    readonly measurement: StoredImage;
    readonly tensor: string;
    readonly tensorSha256: string | null;
  };
}

/** It holds no titles: names stand for them until a plan has the cell. */
export function fromFirstFormat({ solution, ...record }: FirstFormat): CellFile {
  const { restored, truth, measurement, tensor, tensorSha256, ...rest } = solution;
  const picture = ({ path, sha256 }: StoredImage) => ({ media: 'picture', path, sha256 }) as const;
  return {
    ...record,
    format: 2,
    taskKind: 'restore',
    titles: { method: record.identity.solver.name, setting: record.identity.task.name },
    solution: {
      ...rest,
      artifacts: [
        { role: 'result', ...picture(restored) },
        { role: 'truth', ...picture(truth) },
        { role: 'given', ...picture(measurement) },
        { role: 'result', media: 'array', path: tensor, sha256: tensorSha256 },
      ],
    },
  };
}

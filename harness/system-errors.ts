import { UserError } from './errors.ts';

/** What a person calls these errors of the operating system, and what to do about them. */
const EXPLANATIONS: Readonly<Record<string, string>> = {
  EACCES: 'may not be read or written by you; check its owner and permissions',
  EPERM: 'may not be changed by you; check its owner and permissions',
  EROFS: 'lies on a read-only file system; name another folder',
  ENOSPC: 'no space is left on its disk; free some and run the same command again',
  EDQUOT: 'your disk quota is used up; free some space and run the same command again',
  EEXIST: 'is a file, where a folder is expected',
  ENOTDIR: 'is not in a folder: a part of the path is a file',
  EISDIR: 'is a folder, where a file is expected',
  ENOENT: 'is not there',
  ENAMETOOLONG: 'its name is longer than the file system allows',
  ELOOP: 'is a link that leads in a circle',
  EMFILE: 'too many files are open; raise the limit (ulimit -n)',
  EIO: 'its disk cannot be read or written (I/O error)',
};

/** The error as a person can use it, with the path, if it is the operating system's word about a file. */
export function fileError(error: unknown): UserError | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code, path, dest } = error as NodeJS.ErrnoException & { dest?: string };
  const explanation = EXPLANATIONS[code ?? ''];
  if (explanation === undefined) return undefined;
  const place = path ?? dest;
  return new UserError(
    place === undefined ? `the file system answered: ${error.message}` : `${place}: ${explanation}`,
  );
}

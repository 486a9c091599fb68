import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where tweedie keeps what it can make or fetch again: `$XDG_CACHE_HOME/tweedie`, else `~/.cache/tweedie`. */
export function cacheFolder(): string {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'tweedie');
}

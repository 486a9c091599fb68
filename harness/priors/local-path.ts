import { z } from 'zod';

/**
 * A parameter that names a file or folder, or weights by their name. In an experiment file a path is relative to that file
 * (on the command line, to where the user is); where a file lies is no part of a result's key: its contents' hash is.
 */
export function localPath(description: string): z.ZodString {
  return z.string().min(1).meta({ description, localPath: true });
}

/** The same where it may be left out. */
export function optionalLocalPath(description: string): z.ZodOptional<z.ZodString> {
  return z.string().min(1).optional().meta({ description, localPath: true });
}

/** Names of a prior's parameters that were declared so. */
export function localPathsOf(params: z.ZodObject): string[] {
  return Object.entries(params.shape).flatMap(([name, schema]) =>
    (schema as z.ZodType).meta()?.localPath === true ? [name] : [],
  );
}

import type { Method } from '../solver-case.ts';
import { blindDpsMethod } from './blinddps.ts';
import { ddnmMethod } from './ddnm.ts';
import { ddsMethod } from './dds.ts';
import { dpsMethod } from './dps.ts';
import { mcgMethod } from './mcg.ts';

const ALL: readonly Method[] = [dpsMethod, mcgMethod, ddnmMethod, ddsMethod, blindDpsMethod];

/** Every method of which whole runs are compared, by the name that `params.method` gives. */
export const methods: ReadonlyMap<string, Method> = new Map(ALL.map((method) => [method.name, method]));

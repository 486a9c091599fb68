/** What every kernel must do, for any device: small calls by kernel name, compared with tfjs's plain CPU backend. */
import type { Cases } from './cases/define.ts';
import { ELEMENTWISE } from './cases/elementwise.ts';
import { NETWORK } from './cases/network.ts';
import { POOL } from './cases/pool.ts';
import { REDUCE } from './cases/reduce.ts';
import { SHAPE } from './cases/shape.ts';

export { type Case, type Host, hostOf, tensorOf } from './cases/define.ts';
export const CASES: Cases = { ...ELEMENTWISE, ...REDUCE, ...SHAPE, ...NETWORK, ...POOL };

import { closest, distance } from 'fastest-levenshtein';
import { UserError } from '../errors.ts';
import { KINDS } from './devices/index.ts';
import type { Device, DeviceKind, Missing, Precision } from './devices/kind.ts';
import { tf } from './tf.ts';

export type { Device, Precision } from './devices/kind.ts';
export { PRECISIONS } from './devices/kind.ts';

/** What a device's name begins with: `cpu` of `cpu:2`. */
export const deviceKinds: readonly string[] = Object.keys(KINDS);

/** Opens a device by its name, e.g. `cpu:2` or `cuda:0`. Throws UserError as `requireDevice` does. */
export async function openDevice(name: string, precision: Precision = 'float32'): Promise<Device> {
  await requireDevice(name, precision);
  const { kind, number, cpuFallback } = parse(name);
  tf.enableProdMode();
  return kind.open({ name, number, cpuFallback, precision });
}

/** Throws UserError for an unknown name, a precision that the device has not, and a device that this machine lacks. */
export async function requireDevice(name: string, precision: Precision = 'float32'): Promise<void> {
  checkDevice(name, precision);
  const missing = await missingDevice(name);
  if (missing)
    throw new UserError(`device ${name} is not there: ${missing.reason}; what it needs: ${missing.install}`);
}

/** Throws UserError for a name or a precision that no machine can give; this one is not asked. */
export function checkDevice(name: string, precision: Precision = 'float32'): void {
  const { kind } = parse(name);
  if (!kind.precisions.includes(precision)) {
    const others = Object.values(KINDS).filter(({ precisions }) => precisions.includes(precision));
    const able = others.map(({ syntax }) => syntax).join(', ');
    throw new UserError(
      `device ${name} computes in ${kind.precisions.join(' or ')}, not in ${precision}; ${precision} is for ${able}`,
    );
  }
}

/** Why this machine lacks a device; null: it has it. Throws UserError for an unknown name. */
export async function missingDevice(name: string): Promise<Missing | null> {
  const { kind, number } = parse(name);
  return (await kind.missing?.(number)) ?? null;
}

/** More threads, or cards, than any machine has. */
const HIGHEST_NUMBER = 1024;

function parse(name: string): { kind: DeviceKind; number: number | null; cpuFallback: boolean } {
  const family = name.split(/[:+]/)[0]!;
  const kind = Object.hasOwn(KINDS, family) ? KINDS[family] : undefined;
  const { number, fallback } = kind?.pattern.exec(name)?.groups ?? {};
  if (!kind?.pattern.test(name)) throw unknownDevice(name);
  if (Number(number ?? 0) > HIGHEST_NUMBER)
    throw new UserError(`device ${name}: expected a number of at most ${HIGHEST_NUMBER}`);
  return { kind, number: number === undefined ? null : Number(number), cpuFallback: fallback !== undefined };
}

function unknownDevice(name: string): UserError {
  const kinds = Object.values(KINDS);
  const nearest = closest(
    name,
    kinds.map(({ example }) => example),
  );
  const hint = distance(name, nearest) <= 2 ? `; did you mean "${nearest}"?` : '';
  return new UserError(
    `unknown device "${name}": expected ${kinds.map(({ syntax }) => syntax).join(' or ')}${hint}`,
  );
}

export interface ListedDevice {
  /** As its names are made: `cuda:N`. */
  readonly name: string;
  readonly available: boolean;
  /** What it is, or why it is not there. */
  readonly detail: string;
  readonly precisions: readonly Precision[];
  /** What a device that is not there needs. */
  readonly install?: string;
}

/** The devices this program knows and whether this machine has them, for `list devices` and `doctor`. */
export function listDevices(): Promise<ListedDevice[]> {
  return Promise.all(
    Object.values(KINDS).map(async ({ syntax: name, summary, precisions, missing }) => {
      const lacking = await missing?.(null);
      return lacking
        ? { name, available: false, detail: lacking.reason, precisions, install: lacking.install }
        : { name, available: true, detail: summary, precisions };
    }),
  );
}

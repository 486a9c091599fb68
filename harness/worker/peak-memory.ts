import { readFileSync, writeFileSync } from 'node:fs';

/** Begins a new measurement; where the system cannot forget the old peak, it counts from the process's start. */
export function forgetPeakMemory(): void {
  try {
    writeFileSync('/proc/self/clear_refs', '5');
  } catch {
    // Not Linux, or not allowed in this container.
  }
}

/** The most memory of its own and of mapped files that this process held at once, in MiB (2^20 bytes). */
export function peakMemoryMiB(): number {
  try {
    const peak = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
    if (peak) return Math.round(Number(peak) / 1024);
  } catch {
    // Not Linux.
  }
  return Math.round(process.resourceUsage().maxRSS / 1024);
}

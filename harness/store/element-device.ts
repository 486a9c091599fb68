/** The device of an element of Slurm's arrays, as its run is stored. @param element e.g. `12_3` */
export function elementDevice(device: string, element: string): string {
  return `${device}, Slurm job ${element}`;
}

const ELEMENT = /^(.*), Slurm job ((\d+)_\d+)$/s;

/** null: it is no element's. */
export function readElementDevice(text: string): { device: string; element: string; job: string } | null {
  const [, device, element, job] = ELEMENT.exec(text) ?? [];
  return device === undefined || element === undefined || job === undefined ? null : { device, element, job };
}

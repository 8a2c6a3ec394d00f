import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

/** What the machine runs on. `unknown` where that cannot be told: other systems than Linux, no battery named. */
export type Power =
  | { readonly source: 'mains' | 'unknown' }
  /** `charge` in percent, the mean of the batteries that run the machine. */
  | { readonly source: 'battery'; readonly charge: number };

/** Looks what the machine runs on. Never rejects. */
export type ReadPower = () => Promise<Power>;

/**
 * Reads Linux's own account of power supplies (`/sys/class/power_supply`, Documentation/ABI/testing/sysfs-class-power):
 * on battery is what has a battery of its own that discharges while no mains adapter is online. Batteries of mice and the
 * like (`scope` Device) do not count.
 */
export async function readPower(folder = '/sys/class/power_supply'): Promise<Power> {
  const names = await readdir(folder).catch(() => []);
  const supplies = await Promise.all(names.map((name) => readSupply(path.join(folder, name))));
  const batteries = supplies.filter(({ type, scope }) => type === 'Battery' && scope !== 'Device');
  if (batteries.length === 0) return { source: 'unknown' };
  const plugged = supplies.some(({ type, online }) => type !== 'Battery' && online === '1');
  if (plugged || !batteries.some(({ status }) => status === 'Discharging')) return { source: 'mains' };
  const charges = batteries.map(({ capacity }) => Number(capacity)).filter((charge) => charge >= 0);
  if (charges.length === 0) return { source: 'unknown' };
  return { source: 'battery', charge: charges.reduce((sum, charge) => sum + charge, 0) / charges.length };
}

async function readSupply(folder: string) {
  const read = async (name: string) => {
    const text = await readFile(path.join(folder, name), 'utf8').catch(() => '');
    return text.trim();
  };
  const [type, scope, status, online, capacity] = await Promise.all([
    read('type'),
    read('scope'),
    read('status'),
    read('online'),
    read('capacity').then((text) => (text === '' ? 'none' : text)),
  ]);
  return { type, scope, status, online, capacity };
}

import { readFileSync, readlinkSync } from 'node:fs';
import os from 'node:os';

/** A process, told apart from any other that has or had its number. */
export interface ProcessIdentity {
  readonly pid: number;
  /** `<where>/<when it started>`: where its number counts (boot and pid namespace, or host name), and when it started. */
  readonly start: string;
}

/** Whether a process runs. `unknown`: it counts its numbers elsewhere (a container, another machine), or nothing tells. */
export type Liveness = 'alive' | 'gone' | 'unknown';

/** This process. */
export function thisProcess(): ProcessIdentity {
  // Where the system tells nothing, our own start by the clock: it differs from that of a process with our number before.
  const started = startTicks(process.pid) ?? `${Math.round(Date.now() - process.uptime() * 1000)}ms`;
  return { pid: process.pid, start: `${numberSpace()}/${started}` };
}

/** Whether a process still runs, by its number and its start. */
export function liveness({ pid, start }: ProcessIdentity): Liveness {
  const [space, started] = start.split('/');
  if (space !== numberSpace()) return 'unknown';
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return 'gone';
  }
  const ticks = startTicks(pid);
  if (ticks === undefined) return 'unknown';
  return ticks === started ? 'alive' : 'gone';
}

/** Linux: when a process started, in clock ticks since boot (proc(5), `/proc/pid/stat`, field 22). */
function startTicks(pid: number): string | undefined {
  // Counted after the name, which may itself hold spaces and parentheses.
  const stat = tryRead(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
}

/** What the numbers of processes are unique within: this boot and pid namespace on Linux, else this machine. */
function numberSpace(): string {
  const boot = tryRead(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim());
  const namespace = tryRead(() => readlinkSync('/proc/self/ns/pid'));
  return boot === undefined || namespace === undefined ? os.hostname() : `${boot} ${namespace}`;
}

function tryRead(read: () => string): string | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

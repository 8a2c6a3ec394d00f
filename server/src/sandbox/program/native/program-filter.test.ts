import { describe, expect, it } from 'vitest';
import type { Architecture } from '../../linux/seccomp.ts';
import { programFilter } from './program-filter.ts';

const architectures: Readonly<Record<Architecture, number>> = { x64: 0xc000003e, arm64: 0xc00000b7 };

/** What the kernel would answer to a call, by its rules of classic BPF (linux/filter.h), as far as the filter uses them. */
function decision(
  filter: Buffer,
  architecture: number,
  number: number,
  args: readonly number[] = [],
): string {
  const data = Buffer.alloc(64);
  data.writeUInt32LE(number, 0);
  data.writeUInt32LE(architecture, 4);
  for (const [index, value] of args.entries()) data.writeUInt32LE(value >>> 0, 16 + 8 * index);
  let accumulator = 0;
  for (let at = 0; at < filter.length / 8; at += 1) {
    const code = filter.readUInt16LE(8 * at);
    const [whenTrue, whenFalse] = [filter.readUInt8(8 * at + 2), filter.readUInt8(8 * at + 3)];
    const constant = filter.readUInt32LE(8 * at + 4);
    if (code === 0x20) accumulator = data.readUInt32LE(constant);
    else if (code === 0x54) accumulator = (accumulator & constant) >>> 0;
    else if (code === 0x15) at += accumulator === constant ? whenTrue : whenFalse;
    else if (code === 0x35) at += accumulator >= constant ? whenTrue : whenFalse;
    else if (constant === 0x7fff0000) return 'allow';
    else return constant === 0x80000000 ? 'kill' : `errno ${constant & 0xffff}`;
  }
  return 'fell off';
}

describe.each<[Architecture, Record<string, number>]>([
  [
    'x64',
    {
      read: 0,
      openat: 257,
      clone: 56,
      clone3: 435,
      execve: 59,
      socket: 41,
      kill: 62,
      ptrace: 101,
      ioctl: 16,
      fcntl: 72,
      prlimit64: 302,
      prctl: 157,
      seccomp: 317,
      mount: 165,
      io_uring_setup: 425,
      memfd_create: 319,
      dup2: 33,
    },
  ],
  [
    'arm64',
    {
      read: 63,
      openat: 56,
      clone: 220,
      clone3: 435,
      execve: 221,
      socket: 198,
      kill: 129,
      ptrace: 117,
      ioctl: 29,
      fcntl: 25,
      prlimit64: 261,
      prctl: 167,
      seccomp: 277,
      mount: 40,
      io_uring_setup: 425,
      memfd_create: 279,
      dup3: 24,
    },
  ],
])('the filter for %s', (architecture, numbers) => {
  const filter = programFilter(architecture);
  const asked = (name: string, ...args: number[]) =>
    decision(filter, architectures[architecture], numbers[name] ?? -1, args);

  it('lets reading through, and opening only to read', () => {
    expect(asked('read')).toBe('allow');
    expect(asked('openat', 0, 0, 0)).toBe('allow');
    // O_CLOEXEC and O_DIRECTORY change nothing.
    expect(asked('openat', 0, 0, 0o2000000 | 0o200000)).toBe('allow');
    for (const flags of [0o1, 0o2, 0o101, 0o1000, 0o2000, 0o20200000])
      expect(asked('openat', 0, 0, flags)).toBe('errno 30');
  });

  it('refuses processes, sockets, signals, tracing, and giving itself more', () => {
    for (const name of [
      'clone',
      'execve',
      'socket',
      'kill',
      'ptrace',
      'prctl',
      'seccomp',
      'mount',
      'io_uring_setup',
      'memfd_create',
      'dup2',
      'dup3',
    ]) {
      if (numbers[name] !== undefined) expect([name, asked(name)]).toEqual([name, 'errno 1']);
    }
    expect(asked('clone3')).toBe('errno 38');
    expect(asked('ioctl', 0, 0x5401)).toBe('errno 25');
    // Its new limit could lie at an address whose lower half is zero, as if there were none.
    expect(asked('prlimit64', 0, 9, 0)).toBe('errno 1');
    // F_GETFL asks; F_SETFL, F_SETLK and F_SETOWN do not.
    expect(asked('fcntl', 1, 3)).toBe('allow');
    for (const command of [4, 6, 8]) expect(asked('fcntl', 1, command)).toBe('errno 1');
  });

  it('kills what speaks of another architecture', () => {
    const other = architecture === 'x64' ? architectures.arm64 : architectures.x64;
    expect(decision(filter, other, numbers['read'] ?? -1)).toBe('kill');
    // i386 on the same processor.
    expect(decision(filter, 0x40000003, 3)).toBe('kill');
  });
});

it('kills the calls of x32', () => {
  expect(decision(programFilter('x64'), architectures.x64, 0x40000000)).toBe('kill');
});

/**
 * The system calls that a program which computes needs, as a filter of the kernel (`seccomp(2)`): all others are refused
 * with an error, whatever finds a way to ask for them. Installed in each program's own process, which cannot take it off.
 */

export type Architecture = 'x64' | 'arm64';

/** Numbers of the calls that are let through whatever their arguments: on x86-64 and on arm64, where it has them. */
const allowed: Readonly<Record<string, readonly [x64: number, arm64?: number]>> = {
  // Reading the library and writing to what is open already.
  read: [0, 63],
  pread64: [17, 67],
  readv: [19, 65],
  lseek: [8, 62],
  close: [3, 57],
  write: [1, 64],
  writev: [20, 66],
  fstat: [5, 80],
  newfstatat: [262, 79],
  stat: [4],
  lstat: [6],
  statx: [332, 291],
  getdents64: [217, 61],
  getcwd: [79, 17],
  access: [21],
  faccessat: [269, 48],
  faccessat2: [439, 439],
  readlink: [89],
  readlinkat: [267, 78],
  // Memory.
  mmap: [9, 222],
  munmap: [11, 215],
  mprotect: [10, 226],
  mremap: [25, 216],
  madvise: [28, 233],
  brk: [12, 214],
  membarrier: [324, 283],
  // Signals to itself, and locks.
  rt_sigaction: [13, 134],
  rt_sigprocmask: [14, 135],
  rt_sigreturn: [15, 139],
  rt_sigpending: [127, 136],
  sigaltstack: [131, 132],
  restart_syscall: [219, 128],
  pause: [34],
  futex: [202, 98],
  set_robust_list: [273, 99],
  rseq: [334, 293],
  sched_yield: [24, 124],
  sched_getaffinity: [204, 123],
  getcpu: [309, 168],
  // Clocks.
  clock_gettime: [228, 113],
  clock_getres: [229, 114],
  clock_nanosleep: [230, 115],
  nanosleep: [35, 101],
  gettimeofday: [96, 169],
  time: [201],
  times: [100, 153],
  getrusage: [98, 165],
  // Who it is.
  getpid: [39, 172],
  gettid: [186, 178],
  getppid: [110, 173],
  getuid: [102, 174],
  geteuid: [107, 175],
  getgid: [104, 176],
  getegid: [108, 177],
  getgroups: [115, 158],
  getpgrp: [111],
  getpgid: [121, 155],
  getsid: [124, 156],
  uname: [63, 160],
  getrlimit: [97, 163],
  getrandom: [318, 278],
  // Waiting for what is open already.
  poll: [7],
  ppoll: [271, 73],
  select: [23],
  pselect6: [270, 72],
  exit: [60, 93],
  exit_group: [231, 94],
};

/** A call that is let through for some arguments only: those whose bits under `mask` are one of `values`. */
interface Checked {
  readonly numbers: readonly [x64: number, arm64?: number];
  readonly argument: number;
  readonly mask: number;
  readonly values: readonly number[];
  readonly otherwise: number;
}

const errors = { EPERM: 1, ENOTTY: 25, EROFS: 30, ENOSYS: 38 } as const;

/** Every flag of `open(2)` with which something is written, made or truncated (`O_TMPFILE` included). */
const writing = 0o1 | 0o2 | 0o100 | 0o1000 | 0o2000 | 0o20000000;

const checked: readonly Checked[] = [
  { numbers: [257, 56], argument: 2, mask: writing, values: [0], otherwise: errors.EROFS },
  { numbers: [2], argument: 1, mask: writing, values: [0], otherwise: errors.EROFS },
  // fcntl: duplicating and flags, not what sends signals to an owner or takes locks.
  {
    numbers: [72, 25],
    argument: 1,
    mask: 0xffffffff,
    values: [0, 1, 2, 3, 1030],
    otherwise: errors.EPERM,
  },
  // ioctl: nothing is a terminal.
  { numbers: [16, 29], argument: 0, mask: 0, values: [], otherwise: errors.ENOTTY },
  // clone3: as on a kernel without it, for the C library asks for clone then, whose flags can be read.
  { numbers: [435, 435], argument: 0, mask: 0, values: [], otherwise: errors.ENOSYS },
];

/** `AUDIT_ARCH_X86_64`, `AUDIT_ARCH_AARCH64`. */
const auditArchitectures: Readonly<Record<Architecture, number>> = { x64: 0xc000003e, arm64: 0xc00000b7 };

const op = { loadWord: 0x20, and: 0x54, jumpEqual: 0x15, jumpAtLeast: 0x35, give: 0x06 } as const;
const give = { allow: 0x7fff0000, killProcess: 0x80000000, error: 0x00050000 } as const;

/** Where `struct seccomp_data` holds what the filter looks at; both architectures are little-endian. */
const offsets = { number: 0, architecture: 4, argument: (index: number) => 16 + 8 * index } as const;

/** The filter as the kernel takes it: an array of `struct sock_filter`. */
export function seccompFilter(architecture: Architecture): Buffer {
  const at = architecture === 'x64' ? 0 : 1;
  const numbers = Object.values(allowed).flatMap((each) => each[at] ?? []);
  const program: Instruction[] = [
    [op.loadWord, 0, 0, offsets.architecture],
    [op.jumpEqual, 1, 0, auditArchitectures[architecture]],
    [op.give, 0, 0, give.killProcess],
    [op.loadWord, 0, 0, offsets.number],
  ];
  // The calls of x32, which have numbers of their own on the same architecture.
  if (architecture === 'x64')
    program.push([op.jumpAtLeast, 0, 1, 0x40000000], [op.give, 0, 0, give.killProcess]);
  for (const number of numbers) program.push([op.jumpEqual, 0, 1, number], [op.give, 0, 0, give.allow]);
  for (const { numbers: each, argument, mask, values, otherwise } of checked) {
    const number = each[at];
    if (number === undefined) continue;
    const block: Instruction[] = [
      [op.loadWord, 0, 0, offsets.argument(argument)],
      [op.and, 0, 0, mask],
      ...values.flatMap((value): Instruction[] => [
        [op.jumpEqual, 0, 1, value],
        [op.give, 0, 0, give.allow],
      ]),
      [op.give, 0, 0, give.error | otherwise],
    ];
    program.push([op.jumpEqual, 0, block.length, number], ...block);
  }
  program.push([op.give, 0, 0, give.error | errors.EPERM]);
  const bytes = Buffer.alloc(8 * program.length);
  for (const [index, [code, whenTrue, whenFalse, constant]] of program.entries()) {
    bytes.writeUInt16LE(code, 8 * index);
    bytes.writeUInt8(whenTrue, 8 * index + 2);
    bytes.writeUInt8(whenFalse, 8 * index + 3);
    bytes.writeUInt32LE(constant, 8 * index + 4);
  }
  return bytes;
}

type Instruction = readonly [code: number, whenTrue: number, whenFalse: number, constant: number];

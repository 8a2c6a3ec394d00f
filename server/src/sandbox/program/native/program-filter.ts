/**
 * The system calls that a program which computes needs, as a filter of the kernel (`seccomp(2)`): all others are refused
 * with an error, whatever finds a way to ask for them. Installed in each program's own process, which cannot take it off.
 */

import {
  type Architecture,
  type CallNumbers,
  type CheckedCall,
  errors,
  seccompFilter,
} from '../../linux/seccomp.ts';

/** Numbers of the calls that are let through whatever their arguments: on x86-64 and on arm64, where it has them. */
const allowed: Readonly<Record<string, CallNumbers>> = {
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

/** Every flag of `open(2)` with which something is written, made or truncated (`O_TMPFILE` included). */
const writing = 0o1 | 0o2 | 0o100 | 0o1000 | 0o2000 | 0o20000000;

const checked: readonly CheckedCall[] = [
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

/** The filter of a program's process. */
export function programFilter(architecture: Architecture): Buffer {
  return seccompFilter(architecture, { checked, named: allowed, namedAre: 'allowed' });
}

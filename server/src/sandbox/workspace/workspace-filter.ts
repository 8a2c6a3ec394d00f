import {
  type Architecture,
  type CallNumbers,
  type CheckedCall,
  errors,
  seccompFilter,
} from '../linux/seccomp.ts';

/**
 * The system calls that no test suite needs and that reach what namespaces do not cover: other processes' memory, the
 * machine's settings, keys, parts of the kernel that had holes again and again.
 */
const refused: Readonly<Record<string, CallNumbers>> = {
  ptrace: [101, 117],
  process_vm_readv: [310, 270],
  process_vm_writev: [311, 271],
  pidfd_getfd: [438, 438],
  kcmp: [312, 272],
  // Namespaces and mounts of its own.
  unshare: [272, 97],
  setns: [308, 268],
  mount: [165, 40],
  umount2: [166, 39],
  pivot_root: [155, 41],
  chroot: [161, 51],
  open_tree: [428, 428],
  move_mount: [429, 429],
  fsopen: [430, 430],
  fsconfig: [431, 431],
  fsmount: [432, 432],
  fspick: [433, 433],
  mount_setattr: [442, 442],
  open_by_handle_at: [304, 265],
  name_to_handle_at: [303, 264],
  // Settings of the machine.
  reboot: [169, 142],
  swapon: [167, 224],
  swapoff: [168, 225],
  sethostname: [170, 161],
  setdomainname: [171, 162],
  settimeofday: [164, 170],
  clock_settime: [227, 112],
  clock_adjtime: [305, 266],
  adjtimex: [159, 171],
  acct: [163, 89],
  syslog: [103, 116],
  quotactl: [179, 60],
  kexec_load: [246, 104],
  kexec_file_load: [320, 294],
  init_module: [175, 105],
  finit_module: [313, 273],
  delete_module: [176, 106],
  iopl: [172],
  ioperm: [173],
  modify_ldt: [154],
  uselib: [134],
  // Keys, and parts of the kernel with a past.
  keyctl: [250, 219],
  add_key: [248, 217],
  request_key: [249, 218],
  bpf: [321, 280],
  perf_event_open: [298, 241],
  userfaultfd: [323, 282],
  io_uring_setup: [425, 425],
  io_uring_enter: [426, 426],
  io_uring_register: [427, 427],
  fanotify_init: [300, 262],
};

/** Flags of `clone(2)` that make a namespace. */
const newNamespace = 0x7e020080;

/** Sockets of the network namespace, which has no network: local ones, IPv4, IPv6, and netlink, by which it is looked at. */
const families = [1, 2, 10, 16];

const checked: readonly CheckedCall[] = [
  { numbers: [56, 220], argument: 0, mask: newNamespace, values: [0], otherwise: errors.EPERM },
  // As on a kernel without it, for the C library asks for clone then, whose flags can be read.
  { numbers: [435, 435], argument: 0, mask: 0, values: [], otherwise: errors.ENOSYS },
  {
    numbers: [41, 198],
    argument: 0,
    mask: 0xffffffff,
    values: families,
    otherwise: errors.EAFNOSUPPORT,
  },
];

/** The filter of everything that runs over a workspace. */
export function workspaceFilter(architecture: Architecture): Buffer {
  return seccompFilter(architecture, { checked, named: refused, namedAre: 'refused' });
}

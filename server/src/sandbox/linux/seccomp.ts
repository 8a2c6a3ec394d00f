/** Filters of system calls as the kernel takes them (`seccomp(2)`): what is refused, is refused whatever finds a way to ask. */

export type Architecture = 'x64' | 'arm64';

/** Numbers of a call on x86-64 and on arm64, where it has them. */
export type CallNumbers = readonly [x64: number | undefined, arm64?: number];

/** A call that is let through for some arguments only: those whose bits under `mask` are one of `values`. */
export interface CheckedCall {
  readonly numbers: CallNumbers;
  readonly argument: number;
  readonly mask: number;
  readonly values: readonly number[];
  readonly otherwise: number;
}

/** What a filter says: some calls by their arguments, some by their name, and the same to all others. */
export interface FilterRules {
  readonly checked: readonly CheckedCall[];
  readonly named: Readonly<Record<string, CallNumbers>>;
  /** Whether those named are the ones that are let through, or the ones that are not. */
  readonly namedAre: 'allowed' | 'refused';
}

export const errors = { EPERM: 1, ENOTTY: 25, EROFS: 30, ENOSYS: 38, EAFNOSUPPORT: 97 } as const;

/** `AUDIT_ARCH_X86_64`, `AUDIT_ARCH_AARCH64`. */
const auditArchitectures: Readonly<Record<Architecture, number>> = { x64: 0xc000003e, arm64: 0xc00000b7 };

const op = { loadWord: 0x20, and: 0x54, jumpEqual: 0x15, jumpAtLeast: 0x35, give: 0x06 } as const;
const give = { allow: 0x7fff0000, killProcess: 0x80000000, error: 0x00050000 } as const;

/** Where `struct seccomp_data` holds what the filter looks at; both architectures are little-endian. */
const offsets = { number: 0, architecture: 4, argument: (index: number) => 16 + 8 * index } as const;

/** The filter: an array of `struct sock_filter`. */
export function seccompFilter(architecture: Architecture, { checked, named, namedAre }: FilterRules): Buffer {
  const at = architecture === 'x64' ? 0 : 1;
  const numbers = Object.values(named).flatMap((each) => each[at] ?? []);
  const refuse = give.error | errors.EPERM;
  const [toNamed, toOthers] = namedAre === 'allowed' ? [give.allow, refuse] : [refuse, give.allow];
  const program: Instruction[] = [
    [op.loadWord, 0, 0, offsets.architecture],
    [op.jumpEqual, 1, 0, auditArchitectures[architecture]],
    [op.give, 0, 0, give.killProcess],
    [op.loadWord, 0, 0, offsets.number],
  ];
  // The calls of x32, which have numbers of their own on the same architecture.
  if (architecture === 'x64')
    program.push([op.jumpAtLeast, 0, 1, 0x40000000], [op.give, 0, 0, give.killProcess]);
  for (const number of numbers) program.push([op.jumpEqual, 0, 1, number], [op.give, 0, 0, toNamed]);
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
  program.push([op.give, 0, 0, toOthers]);
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

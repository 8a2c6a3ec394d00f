import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { asset } from '../../../entry-point.ts';
import { isolated } from '../../linux/bubblewrap.ts';
import type { InstalledPackages } from '../../linux/installed-packages.ts';
import { inside, type Python } from '../../linux/python.ts';
import type { Architecture } from '../../linux/seccomp.ts';
import type { Image, ImageEnd, RunEnd, RunMessage } from '../image.ts';
import { ImageProcess, whenReady } from '../image-process.ts';
import type { ImageVariant } from '../image-variants.ts';
import { programFilter } from './program-filter.ts';

/** Version of what isolates: changes with the rules, so that a verdict says by which it was found, and names the packages. */
const rules = '1';

/** How long starting may take on a slow machine, milliseconds. */
const startMs = 20_000;

/** `ANSWER` in zygote.py. */
const header = { bytes: 17, length: 0, number: 4, kind: 8, cpuMicroseconds: 9, detail: 13 } as const;
/** No result is longer; a header that says so was not written by the zygote. */
const maxFrame = 1 << 16;

const modes = ['once', 'twice', 'trace', 'cover'] as const;

/** Takes the parts of the zygote from standard input, so that no file of ours is shown to programs. */
const boot = `
import os, sys, types
sys.path[:] = [folder for folder in sys.path if folder]
def get(n):
    data = b''
    while len(data) < n:
        part = os.read(0, n - len(data))
        if not part:
            os._exit(0)
        data += part
    return data
def take():
    return get(int.from_bytes(get(4), 'little'))
for name in ('harness', 'zygote'):
    module = types.ModuleType(name)
    sys.modules[name] = module
    exec(compile(take(), name + '.py', 'exec'), vars(module))
harness, zygote = sys.modules.pop('harness'), sys.modules.pop('zygote')
number = lambda: int.from_bytes(take(), 'little', signed=True)
zygote.skew_clock(number() / 1000, number())
harness.preload()
packages = [folder for folder in take().decode().split('\\0') if folder]
# Behind the library, and after all that comes from there: nothing of it is ever loaded here, only by programs.
sys.path += packages
# Libraries of numbers start a thread for each processor when they are loaded, unless they find these.
for name in ('OPENBLAS', 'OMP', 'MKL') if packages else ():
    os.putenv(name + '_NUM_THREADS', '1')
zygote.serve(take(), number(), number(), number())
`;

interface Answer {
  readonly number: number;
  readonly kind: string;
  readonly frame: Uint8Array;
  readonly cpuMs: number;
  readonly detail: number;
}

export interface NativeImageOptions {
  readonly bubblewrap: string;
  readonly python: Python;
  /** What of it programs may import beside the library. */
  readonly installed: InstalledPackages | undefined;
  readonly variant: ImageVariant;
}

/** A folder of packages, and where programs see it. */
interface PackagesShown {
  readonly folder: string;
  readonly at: string;
}

/** A Python inside of bubblewrap that forks itself for each program. */
export class NativeImage implements Image {
  readonly version: string;
  readonly python: string;
  readonly #requests: Writable;
  readonly #process: ImageProcess;

  private constructor(
    child: ChildProcess,
    requests: Writable,
    answers: Answers,
    { version, python }: Pick<Image, 'version' | 'python'>,
  ) {
    this.#requests = requests;
    this.#process = new ImageProcess(child);
    this.version = version;
    this.python = python;
    answers.onAnswer = (answer) => {
      const end = endOf(answer);
      if (end === undefined) this.kill();
      else this.#process.finish(answer.number, { end, cpuMs: answer.cpuMs });
    };
    answers.onGarbage = () => this.kill();
  }

  get alive(): boolean {
    return this.#process.alive;
  }

  /** Starts bubblewrap and waits until the interpreter in it is warm. Rejects with `SandboxError`. */
  static async start(
    { bubblewrap, python, installed, variant }: NativeImageOptions,
    signal: AbortSignal,
  ): Promise<NativeImage> {
    // What programs read and print to: there is no /dev inside.
    const nothing = openSync('/dev/null', 'r+');
    const packages = packagesShown(installed, python);
    const child = spawn(bubblewrap, bubblewrapArguments(python, packages, variant), {
      env: {},
      stdio: ['pipe', 'pipe', 'pipe', nothing],
    });
    closeSync(nothing);
    const { stdin, stdout } = child as ChildProcess & { readonly stdin: Writable; readonly stdout: Readable };
    // Why a write failed is told by the end of the process.
    stdin.on('error', () => undefined);
    stdin.write(bootMessage(packages, variant));
    const answers = new Answers(stdout);
    const first = (ready: (answer: Answer) => void) => {
      answers.onAnswer = ready;
      return () => {
        answers.onAnswer = () => undefined;
      };
    };
    const { frame } = await whenReady(child, { name: 'bubblewrap', withinMs: startMs }, first, signal);
    return new NativeImage(child, stdin, answers, {
      version: packages.length === 0 ? rules : `${rules}+packages.${installed?.print}`,
      python: new TextDecoder().decode(frame),
    });
  }

  run(message: RunMessage): Promise<ImageEnd> {
    return this.#process.run(message, () => this.#requests.write(requestOf(message)));
  }

  kill(): void {
    this.#process.kill();
  }
}

/** `REQUEST` in zygote.py, with what follows it. */
function requestOf({ number, program, entry, call, mode, cpuMs, wallMs, memoryMb }: RunMessage): Buffer {
  const parts = [new TextEncoder().encode(program), new TextEncoder().encode(entry), call];
  const head = Buffer.alloc(29);
  for (const [index, value] of [number, cpuMs, wallMs, memoryMb].entries())
    head.writeUInt32LE(value, 4 * index);
  head.writeUInt8(modes.indexOf(mode), 16);
  for (const [index, { length }] of parts.entries()) head.writeUInt32LE(length, 17 + 4 * index);
  return Buffer.concat([head, ...parts]);
}

/** Folders of packages under names that say nothing of the machine; what is shown already has to be found where it stands. */
function packagesShown(
  installed: InstalledPackages | undefined,
  { shown }: Python,
): readonly PackagesShown[] {
  if (installed === undefined || installed.modules.size === 0) return [];
  return installed.folders.map((folder, index) => ({
    folder,
    at: shown.some((place) => inside(place, folder)) ? folder : `/packages/${index}/${path.basename(folder)}`,
  }));
}

function bubblewrapArguments(
  { executable, shown }: Python,
  packages: readonly PackagesShown[],
  { hashSeed, posixTimeZone, home, workFolder }: ImageVariant,
): string[] {
  const env = { PYTHONHASHSEED: String(hashSeed), TZ: posixTimeZone, HOME: home, LANG: 'C.UTF-8' };
  return [
    ...isolated,
    ...shown.flatMap((place) => ['--ro-bind', place, place]),
    ...packages.flatMap(({ folder, at }) => (folder === at ? [] : ['--ro-bind', folder, at])),
    ...Object.entries(env).flatMap(([name, value]) => ['--setenv', name, value]),
    '--remount-ro',
    '/',
    '--chdir',
    workFolder,
    '--',
    executable,
    '-s',
    '-S',
    '-B',
    '-c',
    boot,
  ];
}

function bootMessage(
  packages: readonly PackagesShown[],
  { clockOffsetMs, clockRate, hashSeed, padding, scattered, heads }: ImageVariant,
): Buffer {
  const number = (value: number) => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64LE(BigInt(value));
    return bytes;
  };
  const parts = [
    readFileSync(asset('harness.py')),
    readFileSync(asset('zygote.py')),
    number(clockOffsetMs),
    number(clockRate),
    Buffer.from(packages.map(({ at }) => at).join('\0')),
    programFilter(process.arch as Architecture),
    number(padding % 251),
    number(scattered ? hashSeed : 0),
    number(heads ? 1 : 0),
  ];
  return Buffer.concat(
    parts.flatMap((part) => {
      const length = Buffer.alloc(4);
      length.writeUInt32LE(part.length);
      return [length, part];
    }),
  );
}

/** Cuts what the zygote writes into its answers. */
class Answers {
  onAnswer: (answer: Answer) => void = () => undefined;
  onGarbage: () => void = () => undefined;
  #pending: Buffer = Buffer.alloc(0);

  constructor(stream: Readable) {
    stream.on('data', (data: Buffer) => {
      this.#pending = this.#pending.length === 0 ? data : Buffer.concat([this.#pending, data]);
      this.#cut();
    });
  }

  #cut(): void {
    while (this.#pending.length >= header.bytes) {
      const length = this.#pending.readUInt32LE(header.length);
      if (length > maxFrame) {
        this.onGarbage();
        return;
      }
      if (this.#pending.length < header.bytes + length) return;
      const answer: Answer = {
        number: this.#pending.readUInt32LE(header.number),
        kind: String.fromCharCode(this.#pending.readUInt8(header.kind)),
        cpuMs: this.#pending.readUInt32LE(header.cpuMicroseconds) / 1000,
        detail: this.#pending.readUInt32LE(header.detail),
        frame: new Uint8Array(this.#pending.subarray(header.bytes, header.bytes + length)),
      };
      this.#pending = this.#pending.subarray(header.bytes + length);
      this.onAnswer(answer);
    }
  }
}

/** The exit status with which a copy says that it could not give its rights up. */
const unprotected = 256 + 99;

/** Undefined where the run was not isolated: the image must not be used. */
function endOf({ kind, frame, detail }: Answer): RunEnd | undefined {
  switch (kind) {
    case 'f':
      return { type: 'frame', frame };
    case 'c':
      return { type: 'limit', limit: 'cpu' };
    case 'w':
      return { type: 'limit', limit: 'wall' };
    case 'o':
      return { type: 'limit', limit: 'output' };
    default:
      return detail === unprotected ? undefined : deathOf(detail);
  }
}

function deathOf(detail: number): RunEnd {
  if (detail >= 256) return { type: 'trap', what: `exit ${detail - 256}` };
  if (detail === os.constants.signals.SIGSYS) return { type: 'violation', what: 'system call' };
  const name = Object.entries(os.constants.signals).find(([, number]) => number === detail)?.[0];
  return { type: 'trap', what: name ?? `signal ${detail}` };
}

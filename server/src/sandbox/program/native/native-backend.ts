import { bubblewrapHere } from '../../linux/bubblewrap.ts';
import { type InstalledPackages, installedPackages } from '../../linux/installed-packages.ts';
import { askPython } from '../../linux/python.ts';
import type { ImageBackend } from '../image.ts';
import { ImageGroup } from '../image-group.ts';
import { furtherVariants, type ImageVariant, imageVariants } from '../image-variants.ts';
import { NativeImage } from './native-image.ts';

export interface NativeOptions {
  /** Name or path of the interpreter. */
  readonly python: string;
  /** Whether programs may import what is installed in it. */
  readonly packages: boolean;
  readonly env: NodeJS.ProcessEnv;
}

/**
 * The machine's own Python inside of bubblewrap: Linux on x86-64 and arm64. Rejects with `SandboxError`, reason
 * `not-started`, where something is missing. That programs do not get out is for the self-test to show.
 */
export async function nativeBackend(
  { python: named, packages: asked, env }: NativeOptions,
  signal: AbortSignal,
): Promise<ImageBackend> {
  const bubblewrap = bubblewrapHere(env);
  const python = await askPython(bubblewrap, named, env, signal);
  const installed: InstalledPackages | undefined = asked
    ? await installedPackages(python.packages, signal)
    : undefined;
  return {
    name: 'native',
    packages: installed?.modules ?? new Set(),
    limits: { cpuMs: 1_000, wallMs: 3_000, memoryMb: 256, outputBytes: 16_384 },
    images: () => {
      const start = (variant: ImageVariant) => (starting: AbortSignal) =>
        NativeImage.start({ bubblewrap, python, installed, variant }, starting);
      const [a, b, c] = imageVariants;
      return {
        each: [start(a), start(b), start(c)],
        further: (starting) => ImageGroup.start(furtherVariants.map(start), starting),
      };
    },
  };
}

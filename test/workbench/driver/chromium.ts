import { type Browser, chromium } from 'playwright-core';
import { findChromium } from '../../../scripts/chromium.mjs';

/** The browser on this machine. Throws where there is none. */
export function chromiumPath(): string {
  const found = findChromium();
  if (found !== undefined) return found;
  throw new Error(
    'No Chromium was found. Install it (Debian: apt-get install chromium), or name one in the variable CHROMIUM.',
  );
}

/** Starts the browser without a window, and without what it does on the network by itself. */
export async function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: chromiumPath(),
    args: [
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      // Its own sandbox refuses to run as root, which is who runs it in CI.
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    ],
  });
}

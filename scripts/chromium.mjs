import { existsSync } from 'node:fs';

/** What Debian calls the packages of a browser that can draw letters. */
export const chromiumPackages = ['chromium', 'fonts-dejavu-core'];

const usualPaths = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/**
 * The browser on this machine: `CHROMIUM`, else where packages put it; undefined where there is none.
 *
 * @returns {string | undefined}
 */
export function findChromium() {
  return [process.env['CHROMIUM'] ?? '', ...usualPaths].find((file) => file !== '' && existsSync(file));
}

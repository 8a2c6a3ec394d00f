import type { Page } from 'playwright-core';
import { vi } from 'vitest';
import type { Workbench } from '../driver/workbench.ts';

/** The editor's own themes, one of each sort, with the class that each gives the window. */
export const themes = [
  { name: 'Light Modern', look: 'vs' },
  { name: 'Dark Modern', look: 'vs-dark' },
  { name: 'Default High Contrast', look: 'hc-black' },
  { name: 'Default High Contrast Light', look: 'hc-light' },
] as const;

/** Chooses a theme, loads the window again and waits until it wears it. */
export async function chooseTheme(
  { set, page }: Pick<Workbench, 'set'> & { readonly page: Page },
  { name, look }: (typeof themes)[number],
): Promise<void> {
  // A window that begins with another theme of the same contrast now and then keeps that one until it is loaded again.
  await vi.waitFor(async () => {
    await set({ 'workbench.colorTheme': name });
    await page.locator(`.monaco-workbench.${look}`).waitFor({ timeout: 10_000 });
  }, 40_000);
}

import type { Page } from 'playwright-core';
import type { Workbench } from '../driver/workbench.ts';

/** The editor's own themes, one of each sort, with the class that each gives the window. */
export const themes = [
  { name: 'Light Modern', look: 'vs' },
  { name: 'Dark Modern', look: 'vs-dark' },
  { name: 'Default High Contrast', look: 'hc-black' },
  { name: 'Default High Contrast Light', look: 'hc-light' },
] as const;

/** Chooses a theme and waits until the window wears it. */
export async function chooseTheme(
  { set, page }: Pick<Workbench, 'set'> & { readonly page: Page },
  { name, look }: (typeof themes)[number],
): Promise<void> {
  await set({ 'workbench.colorTheme': name });
  await page.locator(`.monaco-workbench.${look}`).waitFor({ timeout: 20_000 });
}

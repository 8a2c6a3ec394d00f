import { expect, it } from 'vitest';
import { useWorkbench } from './driver/workbench.ts';

const workbench = useWorkbench({ workspace: 'small' });

it('shows the packaged extension among the installed ones', async () => {
  const { page } = workbench();
  await page.keyboard.press('Control+Shift+X');
  const extension = page.locator('.extension-list-item', { hasText: 'Autodidact' });
  await extension.waitFor({ timeout: 30_000 });
  expect(await extension.locator('.publisher-name').textContent()).toBe('autodidact');
});

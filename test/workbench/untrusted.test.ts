import { readdir } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { useWorkbench } from './driver/workbench.ts';
import { runCommand } from './pages/command-palette.ts';
import { TasksView } from './pages/tasks-view.ts';

const workbench = useWorkbench({ workspace: 'small', trusted: false });

it('runs nothing of a workspace that is not trusted, and says what to do', async () => {
  const { page, dataHome } = workbench();
  await new TasksView(page).open();
  const status = page.locator('.statusbar-item', { hasText: 'Autodidact: restricted' });
  await status.waitFor({ timeout: 30_000 });
  await runCommand(page, 'Autodidact: Mine Workspace');
  const message = page.locator('.notification-toast', { hasText: 'not trusted' });
  await message.waitFor();
  await message.getByText('Manage Workspace Trust').waitFor();
  expect(await readdir(dataHome)).not.toContain('autodidact');
});

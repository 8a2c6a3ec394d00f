import { expect, it } from 'vitest';
import { startFakeOllama } from '../fake-ollama/fake-ollama.ts';
import { useWorkbench } from './driver/workbench.ts';
import { runCommand } from './pages/command-palette.ts';
import { TasksView } from './pages/tasks-view.ts';

const gone = await startFakeOllama();
await gone.close();

/** Nothing listens there any more, and there is no Ollama to be started. */
const workbench = useWorkbench({
  workspace: 'small',
  settings: { 'autodidact.ollama.host': gone.host, 'autodidact.model.name': 'small:latest' },
  env: { PATH: '/nowhere', AUTODIDACT_CACHE: '/nowhere' },
});

it('says that Ollama is missing, in one sentence with one thing to do', { timeout: 150_000 }, async () => {
  const { page } = workbench();
  const tasks = new TasksView(page);
  await tasks.open();
  await runCommand(page, 'Autodidact: Mine Workspace');
  await tasks.row('shapes.py').waitFor({ timeout: 90_000 });
  await runCommand(page, 'Autodidact: Start Self-Play');
  const message = page.locator('.notification-toast', { hasText: 'Ollama' });
  await message.waitFor({ timeout: 30_000 });
  expect(await message.locator('.monaco-button:visible').allTextContents()).toEqual(['Get Ollama']);
  expect((await message.locator('.notification-list-item-message').textContent())?.length).toBeLessThan(160);
  await page.locator('.statusbar-item', { hasText: 'Ollama is not installed' }).waitFor();
});

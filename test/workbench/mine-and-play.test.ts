import { afterAll, describe, expect, it } from 'vitest';
import { startFakeOllama } from '../fake-ollama/fake-ollama.ts';
import { useWorkbench } from './driver/workbench.ts';
import { runCommand } from './pages/command-palette.ts';
import { TasksView } from './pages/tasks-view.ts';

/** A scripted model: what is tested is the window, and playing must be slow enough to be paused. */
const ollama = await startFakeOllama({
  models: [{ name: 'small:latest', contextLength: 4096 }],
  complete: () => '12',
  tokenMs: 20,
});
afterAll(() => ollama.close());

const workbench = useWorkbench({
  workspace: 'small',
  settings: { 'autodidact.ollama.host': ollama.host, 'autodidact.model.name': 'small:latest' },
});

describe('a first look at a workspace', () => {
  it('says how to begin, and runs nothing by itself', async () => {
    const { page } = workbench();
    const tasks = new TasksView(page);
    await tasks.open();
    await tasks.welcome.getByText('No tasks yet').waitFor({ timeout: 30_000 });
    expect(ollama.requests).toEqual([]);
  });

  it('mines and fills the tree by file and function', { timeout: 150_000 }, async () => {
    const { page } = workbench();
    const tasks = new TasksView(page);
    await runCommand(page, 'Autodidact: Mine Workspace');
    await tasks.row('shapes.py').waitFor({ timeout: 90_000 });
    await tasks.expand('shapes.py');
    await tasks.expand('rectangle');
    await tasks.row('Deduction').waitFor();
    await tasks.row('staircase').waitFor();
  });

  it('opens a task as a readable document without its answer', async () => {
    const { page } = workbench();
    const tasks = new TasksView(page);
    const question = tasks.rows.filter({ hasText: 'rectangle(3, 4)' }).first();
    if (!(await question.isVisible())) await tasks.expand('Deduction');
    await question.click();
    const editor = page.locator('.editor-instance .view-lines');
    await editor.getByText('return width * height').first().waitFor();
    const text = ((await editor.first().textContent()) ?? '').replaceAll('\u00a0', ' ');
    expect(text).toContain('rectangle(3, 4)');
    expect(text).not.toContain('12');
  });

  it('marks functions that have tasks', async () => {
    const { page } = workbench();
    await page.keyboard.press('Control+P');
    await page.locator('.quick-input-widget input').fill('shapes.py');
    await page.locator('.quick-input-list .monaco-list-row', { hasText: 'shapes.py' }).first().waitFor();
    await page.keyboard.press('Enter');
    await page.locator('.codelens-decoration', { hasText: /task/ }).first().waitFor({ timeout: 30_000 });
  });

  it('plays from Start to Pause', { timeout: 150_000 }, async () => {
    const { page } = workbench();
    await runCommand(page, 'Autodidact: Start Self-Play');
    await page.locator('.statusbar-item', { hasText: /of \d+ right/ }).waitFor({ timeout: 90_000 });
    await expect
      .poll(() => ollama.requests.filter(({ path }) => path === '/api/generate').length, { timeout: 60_000 })
      .toBeGreaterThan(3);
    await runCommand(page, 'Autodidact: Pause Self-Play');
    await page.locator('.statusbar-item', { hasText: 'paused' }).waitFor({ timeout: 10_000 });
    const asked = ollama.requests.length;
    await page.waitForTimeout(1_500);
    expect(ollama.requests.length).toBe(asked);
  });
});

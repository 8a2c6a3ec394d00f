import { beforeAll, expect, it } from 'vitest';
import { useWorkbench } from './driver/workbench.ts';
import { runCommand } from './pages/command-palette.ts';
import { drawnTexts } from './pages/contrast.ts';
import { TasksView } from './pages/tasks-view.ts';
import { chooseTheme, themes } from './pages/theme.ts';

const workbench = useWorkbench({ workspace: 'small' });

/** WCAG 2.2, 1.4.3: the least contrast of text. */
const leastContrast = 4.5;

beforeAll(async () => {
  const { page } = workbench();
  const tasks = new TasksView(page);
  await tasks.open();
  await runCommand(page, 'Autodidact: Mine Workspace');
  await tasks.row('shapes.py').waitFor({ timeout: 90_000 });
}, 150_000);

it.each(themes)('a task can be read in $name', async (theme) => {
  const { page, set } = workbench();
  await chooseTheme({ page, set }, theme);
  const tasks = new TasksView(page);
  for (const row of ['shapes.py', 'rectangle', 'Deduction']) await tasks.expand(row);
  await tasks.row('rectangle(3, 4)').click();
  const editor = page.locator('.editor-instance .monaco-editor').first();
  await editor.getByText('return width * height').first().waitFor({ timeout: 30_000 });
  // The grammar loads after the text: once it is at work, not all of it looks the same.
  await expect
    .poll(async () => new Set((await drawnTexts(editor)).map(({ ratio }) => ratio.toFixed(2))).size, {
      timeout: 20_000,
    })
    .toBeGreaterThan(2);
  const texts = await drawnTexts(editor);
  expect(texts.filter(({ text, ratio }) => text.trim() !== '' && ratio < leastContrast)).toEqual([]);
});

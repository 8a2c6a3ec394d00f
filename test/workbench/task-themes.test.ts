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
  for (const row of ['shapes.py', 'rectangle', 'Deduction']) await tasks.expand(row);
  await tasks.row('rectangle(3, 4)').click();
  await page.locator('.editor-instance .view-lines').getByText('return width * height').first().waitFor();
}, 150_000);

it.each(themes)('a task can be read in $name', async (theme) => {
  const { page, set } = workbench();
  await chooseTheme({ page, set }, theme);
  const editor = page.locator('.editor-instance .monaco-editor').first();
  const readAs = async () => {
    const texts = await drawnTexts(editor);
    return {
      coloured: new Set(texts.map(({ ratio }) => ratio.toFixed(2))).size,
      faint: texts.filter(({ text, ratio }) => text.trim() !== '' && ratio < leastContrast),
    };
  };
  await expect.poll(async () => (await readAs()).faint, { timeout: 10_000 }).toEqual([]);
  // The grammar is at work: not all text looks the same.
  expect((await readAs()).coloured).toBeGreaterThan(2);
});

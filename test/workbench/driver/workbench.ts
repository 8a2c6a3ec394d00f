import { cp, mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, inject } from 'vitest';
import { startCodeServer } from '../../../scripts/code-server.mjs';
import { launchChromium } from './chromium.ts';

const workspaces = path.resolve(import.meta.dirname, '../workspaces');
const artifacts = path.resolve(import.meta.dirname, '../../artifacts');

/** What specs and page objects get: a window of VS Code with the extension in it, whatever drives it. */
export interface Workbench {
  readonly page: Page;
  /** Absolute path of the open folder: a copy, to be changed at will. */
  readonly folder: string;
  /** Where the extension keeps its records, as `XDG_DATA_HOME`. */
  readonly dataHome: string;
  /** Changes settings of the user and loads the window again with them. */
  set(settings: Readonly<Record<string, unknown>>): Promise<void>;
}

export interface WorkbenchOptions {
  /** A folder in `test/workbench/workspaces`. */
  readonly workspace: string;
  /** Settings of the user, over those that keep the window quiet. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Environment of the extension host, over ours. */
  readonly env?: Readonly<Record<string, string>>;
  /** Whether the folder is trusted without asking; true where absent. */
  readonly trusted?: boolean;
}

/** No welcome pages, no look-ups in the network, nothing that moves by itself. */
const quietSettings = {
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'extensions.autoUpdate': false,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.enableExperiments': false,
  'workbench.settings.enableNaturalLanguageSearch': false,
  'workbench.reduceMotion': 'on',
  'chat.disableAIFeatures': true,
  'git.enabled': false,
};

/**
 * Opens a workbench before the tests of a spec and closes it after them; a test that fails leaves a picture of the
 * window in `test/artifacts`. Gives a function, for the workbench exists only while tests run.
 */
export function useWorkbench(options: WorkbenchOptions): () => Workbench {
  let opened: (Workbench & { close(): Promise<void> }) | undefined;
  const current = () => {
    if (opened === undefined) throw new Error('The workbench is open only while tests run.');
    return opened;
  };
  beforeAll(async () => {
    opened = await openWorkbench(options);
  });
  afterEach(async ({ task }) => {
    if (task.result?.state !== 'fail' || opened === undefined) return;
    await mkdir(artifacts, { recursive: true });
    const name = task.name.replaceAll(/[^\p{L}\p{N}]+/gu, '-').slice(0, 80);
    await opened.page.screenshot({ path: path.join(artifacts, `${name}.png`) });
  });
  afterAll(() => opened?.close());
  return current;
}

async function openWorkbench(options: WorkbenchOptions): Promise<Workbench & { close(): Promise<void> }> {
  const root = await realpath(await mkdtemp(path.join(os.tmpdir(), 'autodidact-workbench-')));
  const closers: (() => Promise<unknown>)[] = [
    () => rm(root, { recursive: true, force: true, maxRetries: 5 }),
  ];
  const close = async () => {
    for (const closer of closers.reverse()) await closer();
  };
  try {
    const folder = path.join(root, 'workspace');
    const dataHome = path.join(root, 'data');
    await cp(path.join(workspaces, options.workspace), folder, { recursive: true });
    const dataFolder = path.join(root, 'code-server');
    const settings: Record<string, unknown> = { ...quietSettings, ...options.settings };
    const server = await startCodeServer({
      server: inject('codeServer'),
      vsix: inject('vsix').path,
      folder,
      dataFolder,
      settings,
      trusted: options.trusted ?? true,
      env: {
        ...process.env,
        XDG_DATA_HOME: dataHome,
        XDG_CONFIG_HOME: path.join(root, 'config'),
        ...options.env,
      },
    });
    closers.push(server.close);
    const browser = await launchChromium();
    closers.push(() => browser.close());
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, locale: 'en' });
    await page.goto(server.url);
    await page.locator('.monaco-workbench .explorer-folders-view').waitFor({ timeout: 60_000 });
    const set: Workbench['set'] = async (changes) => {
      Object.assign(settings, changes);
      await writeFile(path.join(dataFolder, 'User', 'settings.json'), JSON.stringify(settings));
      await page.reload();
    };
    return { page, folder, dataHome, set, close };
  } catch (error) {
    await close();
    throw error;
  }
}

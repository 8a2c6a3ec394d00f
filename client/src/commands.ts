/** Every command of the extension, as the manifest declares it. */
export const commands = {
  mineWorkspace: 'autodidact.mineWorkspace',
  startSelfPlay: 'autodidact.startSelfPlay',
  pauseSelfPlay: 'autodidact.pauseSelfPlay',
  chooseModel: 'autodidact.chooseModel',
  refreshTasks: 'autodidact.refreshTasks',
  restartServer: 'autodidact.restartServer',
  showLog: 'autodidact.showLog',
  getOllama: 'autodidact.getOllama',
  /** Takes the URI of a task document. */
  openTask: 'autodidact.openTask',
  /** Takes folder URI, file and symbol. */
  showFunctionTasks: 'autodidact.showFunctionTasks',
  /** Takes a row of the tree; from a task document's title, its URI. */
  goToFunction: 'autodidact.goToFunction',
} as const;

/** Commands of the editor itself that ours lead to. */
export const editorCommands = {
  manageTrust: 'workbench.trust.manage',
  openFolder: 'vscode.openFolder',
  showTasks: 'autodidact.tasks.focus',
} as const;

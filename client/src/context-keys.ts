import * as vscode from 'vscode';

/** Keys that `when` clauses of the manifest ask for. */
export const contextKeys = {
  /** State of the status that the server tells. */
  state: 'autodidact:state',
  /** Reason of the problem, where the state is one. */
  problem: 'autodidact:problem',
} as const;

export function setContext(
  key: (typeof contextKeys)[keyof typeof contextKeys],
  value: string | undefined,
): void {
  void vscode.commands.executeCommand('setContext', key, value);
}

import { tasksTree } from '../../protocol/messages.ts';
import type { TreeRow } from '../../protocol/tree.ts';
import type { TestClient } from './language-server.ts';

/** Every row of the tree, top down. */
export async function treeRows(client: TestClient, parent: TreeRow | null = null): Promise<TreeRow[]> {
  if (parent?.type === 'task') return [];
  const found = await client.ask(tasksTree, { parent });
  const below = await Promise.all(found.map(async (row) => [row, ...(await treeRows(client, row))]));
  return below.flat();
}

/** The tree as lines of text, indented from the file on. */
export async function drawnTree(client: TestClient): Promise<string[]> {
  return (await treeRows(client)).map(drawnRow);
}

function drawnRow(row: TreeRow): string {
  switch (row.type) {
    case 'folder':
      return `${row.name} (${row.tasks})`;
    case 'file':
      return `${row.file} (${row.tasks})`;
    case 'function':
      return `  ${row.symbol} (${row.tasks})`;
    case 'kind':
      return `    ${row.kind} (${row.tasks})`;
    case 'task':
      return `      ${row.task.question}`;
  }
}

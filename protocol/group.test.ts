import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { Group } from './group.ts';

it('is what the trainer is told of it (renew by `autodidact schema group > trainer/schemas/group.json`)', async () => {
  const file = path.resolve(import.meta.dirname, '../trainer/schemas/group.json');
  expect(JSON.parse(await readFile(file, 'utf8'))).toEqual(
    JSON.parse(JSON.stringify(z.toJSONSchema(Group, { io: 'input' }))),
  );
});

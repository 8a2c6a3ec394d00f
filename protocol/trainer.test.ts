import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { TrainerRecords } from './trainer.ts';

it('is what the trainer is told of it (renew by `autodidact schema trainer > trainer/schemas/trainer.json`)', async () => {
  const file = path.resolve(import.meta.dirname, '../trainer/schemas/trainer.json');
  expect(JSON.parse(await readFile(file, 'utf8'))).toEqual(
    JSON.parse(JSON.stringify(z.toJSONSchema(TrainerRecords, { io: 'input' }))),
  );
});

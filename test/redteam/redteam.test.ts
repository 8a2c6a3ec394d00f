import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Control } from '../../server/src/redteam/control.ts';
import {
  readAttacks,
  readCheats,
  readDrifting,
  readSteady,
  tryAttack,
  tryCheat,
  tryDrifting,
  trySteady,
} from '../../server/src/redteam/corpora.ts';
import { createSandbox } from '../../server/src/sandbox/create-sandbox.ts';
import type { Sandbox } from '../../server/src/sandbox/sandbox.ts';
import { backendsHere } from './backends.ts';

const { signal } = new AbortController();
const held = (told: string) => ({ held: true, told });

describe.each(await backendsHere())('%s', (backend) => {
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = await createSandbox({ backend, env: process.env }, signal);
  });
  afterAll(() => sandbox?.close());

  describe('holds against', () => {
    it.each(readAttacks())('$name', async (attack) => {
      const finding = await tryAttack(attack, sandbox, signal);
      expect(finding).toEqual(held(finding.told));
    });
  });

  describe('finds the drift of', () => {
    it.each(readDrifting())('$name', async (program) => {
      let finding = await tryDrifting(program, sandbox, signal);
      // Eight images agree on a fair coin once in 128 times: then images of another sandbox toss it again.
      for (let again = 0; program.isCoin && !finding.held && again < 2; again += 1) {
        const other = await createSandbox({ backend, env: process.env }, signal);
        finding = await tryDrifting(program, other, signal).finally(() => other.close());
      }
      expect(finding).toEqual(held(finding.told));
    });
  });

  describe('finds none in', () => {
    it.each(readSteady())('$name', async (steady) => {
      for (const call of steady.calls) {
        const finding = await trySteady(steady, call, sandbox, signal);
        expect(finding).toEqual(held(finding.told));
      }
    });
  });

  describe('does not pay for', () => {
    it.each(readCheats())('$name', async (cheat) => {
      const finding = await tryCheat(cheat, sandbox, signal);
      expect(finding).toEqual(held(finding.told));
    });
  });

  describe('the published checks, as a control', () => {
    const count = async <T>(entries: readonly T[], loses: (entry: T) => Promise<boolean>) => {
      let lost = 0;
      for (const entry of entries) if (await loses(entry)) lost += 1;
      return lost;
    };

    it('pay for answers that are worth nothing', async () => {
      const control = new Control(sandbox);
      const lost = await count(readCheats(), (cheat) => control.pays(cheat, signal));
      expect(lost).toBeGreaterThan(10);
    });

    it('take most programs that drift', async () => {
      const control = new Control(sandbox);
      const lost = await count(readDrifting(), (program) => control.accepts(program, signal));
      expect(lost).toBeGreaterThan(readDrifting().length / 3);
    });

    it('let what one program leaves reach the next', async () => {
      const control = new Control(sandbox);
      const leaving = readAttacks().filter(({ name }) => name.startsWith('contamination/'));
      const lost = await count(leaving, (attack) => control.isSpoiled(attack, signal));
      expect(lost).toBeGreaterThan(5);
    });
  });
});

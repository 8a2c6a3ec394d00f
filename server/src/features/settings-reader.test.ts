import { expect, it } from 'vitest';
import { Settings } from '../../../protocol/settings.ts';
import { parseSettings } from './settings-reader.ts';

function logged() {
  const warnings: string[] = [];
  const log = {
    info: () => undefined,
    warn: (text: string) => void warnings.push(text),
    error: () => undefined,
  };
  return { warnings, log };
}

it('takes what is set and the default of the rest', () => {
  const { log, warnings } = logged();
  const found = { codeLens: { enabled: false }, mining: { exclude: ['gen/**'], maxFiles: null } };
  expect(parseSettings(found, log)).toEqual({
    ...Settings.parse({}),
    'codeLens.enabled': false,
    'mining.exclude': ['gen/**'],
  });
  expect(warnings).toEqual([]);
});

it('uses the default in place of a value of the wrong type, and says so', () => {
  const { log, warnings } = logged();
  const found = { mining: { maxFiles: 'many', maxFileKb: -3 }, codeLens: 'yes' };
  expect(parseSettings(found, log)).toEqual(Settings.parse({}));
  expect(warnings).toHaveLength(2);
});

it.each([undefined, null, 3, 'text', []])('gives defaults for %j', (found) => {
  expect(parseSettings(found, logged().log)).toEqual(Settings.parse({}));
});

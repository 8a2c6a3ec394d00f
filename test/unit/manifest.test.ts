import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { commands, editorCommands } from '../../client/src/commands.ts';
import manifest from '../../package.json' with { type: 'json' };
import texts from '../../package.nls.json' with { type: 'json' };
import { serverCommands } from '../../protocol/messages.ts';
import { Settings } from '../../protocol/settings.ts';
import { Status } from '../../protocol/status.ts';

const root = path.resolve(import.meta.dirname, '../..');
const { contributes } = manifest;
const declared = contributes.commands.map(({ command }) => command);

describe('settings in the manifest', () => {
  type Property = {
    type: string;
    default: unknown;
    scope: string;
    order: number;
    markdownDescription: string;
  };
  const properties = contributes.configuration.properties as unknown as Record<string, Property>;

  it('are those of the schema', () => {
    expect(Object.keys(properties)).toEqual(Object.keys(Settings.shape).map((key) => `autodidact.${key}`));
  });

  it.each(Object.entries(properties))(
    '%s has the default, the type, a scope, its order and a description',
    (key, property) => {
      const name = key.replace('autodidact.', '') as keyof Settings;
      expect(property.default).toEqual(Settings.parse({})[name]);
      expect(property.type).toBe(z.toJSONSchema(Settings.shape[name], { io: 'input' }).type);
      expect(['machine', 'machine-overridable', 'resource', 'window']).toContain(property.scope);
      expect(property.order).toBe(Object.keys(properties).indexOf(key) + 1);
      expect(text(property.markdownDescription).length).toBeGreaterThan(20);
    },
  );

  it('have the patterns of the schema', () => {
    const { pattern } = contributes.configuration.properties['autodidact.selfPlay.quietHours'];
    expect(pattern).toBe(z.toJSONSchema(Settings.shape['selfPlay.quietHours'], { io: 'input' }).pattern);
  });

  it('keep where models are asked out of the hands of a repository', () => {
    for (const name of ['ollama.host', 'model.endpoints', 'model.allowRemote'])
      expect(properties[`autodidact.${name}`]?.scope, name).toBe('machine');
    expect(manifest.capabilities.untrustedWorkspaces.restrictedConfigurations).toContain(
      'autodidact.model.name',
    );
  });
});

describe('commands in the manifest', () => {
  it('are those that the extension registers', async () => {
    expect([...declared].sort()).toEqual(Object.values(commands).sort());
    const source = await readFile(path.join(root, 'client/src/extension.ts'), 'utf8');
    const unregistered = Object.keys(commands).filter((name) => !source.includes(`[commands.${name}]:`));
    expect(unregistered).toEqual([]);
  });

  it('have a category and an icon, and none takes the name of a command of the server', () => {
    expect(
      contributes.commands.filter(({ category, icon }) => category !== 'Autodidact' || icon === ''),
    ).toEqual([]);
    expect(declared.filter((id) => (Object.values(serverCommands) as string[]).includes(id))).toEqual([]);
  });

  it('are declared wherever a menu or a welcome text names them', () => {
    const inMenus = Object.values(contributes.menus).flatMap((items) => items.map(({ command }) => command));
    const linked = contributes.viewsWelcome.flatMap(({ contents }) =>
      [...text(contents).matchAll(/\(command:([^)]+)\)/g)].map(([, id]) => id ?? ''),
    );
    const known: readonly string[] = [...declared, ...Object.values(editorCommands)];
    expect([...inMenus, ...linked].filter((id) => !known.includes(id))).toEqual([]);
  });

  it('that take an argument are not offered in the palette', () => {
    const hidden = contributes.menus.commandPalette
      .filter(({ when }) => when === 'false')
      .map(({ command }) => command);
    expect(hidden).toEqual([commands.openTask, commands.showFunctionTasks]);
  });
});

describe('when clauses', () => {
  const clauses = [
    ...contributes.viewsWelcome.map(({ when }) => when),
    ...Object.values(contributes.menus).flatMap((items) => items.map(({ when }) => when)),
    ...contributes.commands.flatMap((command) => ('enablement' in command ? command.enablement : [])),
  ];

  it('ask for context keys that exist', async () => {
    const source = await readFile(path.join(root, 'client/src/context-keys.ts'), 'utf8');
    const asked = new Set(clauses.flatMap((clause) => clause.match(/autodidact:\w+/g) ?? []));
    expect([...asked].filter((key) => !source.includes(`'${key}'`))).toEqual([]);
  });

  it('compare the state with states that there are', () => {
    const states = Status.options.map((option) => option.shape.state.value as string);
    const asked = clauses.flatMap((clause) =>
      [...clause.matchAll(/autodidact:state [!=]= (\w+)/g)].map(([, state]) => state ?? ''),
    );
    expect(asked.length).toBeGreaterThan(5);
    expect(asked.filter((state) => !states.includes(state))).toEqual([]);
  });
});

describe('texts', () => {
  it('are there for each key, and none is left over', () => {
    const used = [...JSON.stringify(manifest).matchAll(/%([\w.-]+)%/g)].map(([, key]) => key ?? '');
    expect([...new Set(used)].sort()).toEqual(Object.keys(texts).sort());
  });

  it('in the client are given to the localiser', async () => {
    const folder = path.join(root, 'client/src');
    for (const file of await readdir(folder)) {
      const source = await readFile(path.join(folder, file), 'utf8');
      expect(source, file).not.toMatch(/(?:title|placeHolder|tooltip|detail|text): '[A-Z]/);
    }
  });
});

it('names files that are there', () => {
  const files = [
    manifest.icon,
    ...contributes.viewsContainers.activitybar.map(({ icon }) => icon),
    ...contributes.grammars.map((grammar) => grammar.path),
    ...contributes.languages.flatMap(({ configuration, icon }) => [configuration, icon.light, icon.dark]),
  ];
  expect(files.filter((file) => !existsSync(path.join(root, file)))).toEqual([]);
});

it('starts the extension for Python files, and by nothing that has to be searched for', () => {
  expect(manifest.activationEvents).toEqual(['onLanguage:python']);
});

/** What a person reads in place of `%key%`. */
function text(value: string): string {
  const key = /^%(.+)%$/.exec(value)?.[1];
  return key === undefined ? value : ((texts as Record<string, string>)[key] ?? '');
}

import type { ClientCapabilities, Connection } from 'vscode-languageserver';
import { Settings } from '../../../protocol/settings.ts';
import type { Log } from '../engine/log.ts';

/** Reads the settings that hold for a folder, or for the window where none is named. */
export interface SettingsReader {
  read(folderUri?: string): Promise<Settings>;
  /** Takes the settings that a client pushes; used where it cannot be asked. */
  push(settings: unknown): void;
}

export function settingsReader(connection: Connection, client: ClientCapabilities, log: Log): SettingsReader {
  let pushed: unknown = {};
  const canAsk = client.workspace?.configuration === true;
  return {
    async read(folderUri) {
      const section = 'autodidact';
      const found: unknown = canAsk
        ? await connection.workspace.getConfiguration(
            folderUri === undefined ? { section } : { section, scopeUri: folderUri },
          )
        : pushed;
      return parseSettings(found, log);
    },
    push(settings) {
      pushed = (settings as { autodidact?: unknown } | null)?.autodidact ?? {};
    },
  };
}

/** Settings out of a nested object. A value of the wrong type is told to the log, and its default used. */
export function parseSettings(found: unknown, log: Log): Settings {
  const values: Record<string, unknown> = {};
  for (const [key, schema] of Object.entries(Settings.shape)) {
    const value = valueAt(found, key.split('.'));
    if (value === undefined || value === null) continue;
    const parsed = schema.safeParse(value);
    if (parsed.success) values[key] = parsed.data;
    else log.warn(`The setting autodidact.${key} has a value of the wrong type; its default is used.`);
  }
  return Settings.parse(values);
}

function valueAt(found: unknown, [first, ...rest]: readonly string[]): unknown {
  if (first === undefined) return found;
  if (typeof found !== 'object' || found === null) return undefined;
  return valueAt((found as Record<string, unknown>)[first], rest);
}

import type { StartResult } from '../../../protocol/messages.ts';
import type { Settings } from '../../../protocol/settings.ts';
import type { Status } from '../../../protocol/status.ts';
import { ModelError } from '../model/model-error.ts';
import { PlayError } from '../selfplay/play-error.ts';
import { findModel } from '../selfplay/scheduling/find-model.ts';
import { readQuietHours } from '../selfplay/scheduling/quiet-hours.ts';
import { connectServers, type ServerSettings, type Servers } from './connect-servers.ts';
import type { Engine } from './engine.ts';
import type { Log } from './log.ts';
import { errorText, problemOf } from './problem-of.ts';
import type { SharedSandbox } from './shared-sandbox.ts';
import { type PlayProgress, type Turns, takeTurns } from './take-turns.ts';

export type PlayerState =
  | { readonly state: 'stopped' }
  | Extract<Status, { state: 'starting' | 'playing' | 'paused' | 'problem' }>;

export type PlayerSettings = ServerSettings &
  Pick<Settings, 'model.name' | 'selfPlay.quietHours' | 'selfPlay.minBattery' | 'selfPlay.preset'>;

export interface PlayerParts {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly engines: () => readonly Engine[];
  readonly sandbox: SharedSandbox;
  readonly settings: () => Promise<PlayerSettings>;
  readonly log: Log;
  readonly onChange: () => void;
}

/** What is played, from *Start* on. */
interface Session {
  readonly servers: Servers;
  readonly settings: PlayerSettings;
  readonly engines: readonly Engine[];
  readonly takeOver: boolean;
  readonly begun: (result: StartResult) => void;
}

/** Plays the folders of a window, from a person's *Start* to *Pause*. */
export class Player {
  #state: PlayerState = { state: 'stopped' };
  #session: { readonly stop: AbortController; readonly ended: Promise<void> } | undefined;
  /** The last runs of this process: *Start* after *Pause* goes on with them. */
  readonly #runs: Turns['runs'] = new Map();
  readonly #parts: PlayerParts;

  constructor(parts: PlayerParts) {
    this.#parts = parts;
  }

  get state(): PlayerState {
    return this.#state;
  }

  /** Resolves once playing has begun, or it is clear why it does not. `signal` cancels the beginning only. */
  async start({ takeOver }: { readonly takeOver: boolean }, signal: AbortSignal): Promise<StartResult> {
    const engines = this.#parts.engines();
    await Promise.all(engines.map((engine) => engine.ready()));
    if (this.#session !== undefined || engines.some(({ busy }) => busy)) return { outcome: 'busy' };
    const playable = engines.filter(({ consent, index }) => consent && index.size > 0);
    if (playable.length === 0) return { outcome: 'no-tasks' };
    const stop = new AbortController();
    const begun = Promise.withResolvers<StartResult>();
    const cancel = () => stop.abort();
    signal.addEventListener('abort', cancel, { once: true });
    const ended = this.#play(playable, takeOver, begun.resolve, stop.signal);
    this.#session = { stop, ended };
    return begun.promise.finally(() => signal.removeEventListener('abort', cancel));
  }

  /** Ends playing and waits until it ended; what is done is kept. */
  async pause(): Promise<void> {
    this.#session?.stop.abort();
    await this.#session?.ended;
  }

  /** The models that the servers have. Rejects with `ModelError` where one does not answer. */
  async models(signal: AbortSignal): Promise<{ readonly host: string; readonly models: string[] }> {
    const servers = await connectServers(await this.#parts.settings(), this.#parts.env, signal);
    try {
      return { host: hostsOf(servers), models: await modelsOf(servers, signal) };
    } finally {
      await servers.close();
    }
  }

  /** Connects, plays and lets go of the connection. Never rejects. */
  async #play(
    engines: readonly Engine[],
    takeOver: boolean,
    begun: (result: StartResult) => void,
    signal: AbortSignal,
  ): Promise<void> {
    let servers: Servers | undefined;
    try {
      const settings = await this.#parts.settings();
      const what = settings['model.endpoints'].length === 0 ? 'Looking for Ollama' : 'Looking for the model';
      this.#become({ state: 'starting', what });
      servers = await connectServers(settings, this.#parts.env, signal);
      begun(await this.#playOn({ servers, settings, engines, takeOver, begun }, signal));
    } catch (error) {
      begun(this.#stopped(error, signal));
    } finally {
      await servers?.close();
      this.#session = undefined;
      this.#parts.onChange();
    }
  }

  async #playOn(
    { servers, settings, engines, takeOver, begun }: Session,
    signal: AbortSignal,
  ): Promise<StartResult> {
    const { 'model.name': name, 'selfPlay.minBattery': minBattery } = settings;
    if (name === '') {
      const models = await modelsOf(servers, signal);
      this.#become({ state: 'stopped' });
      return { outcome: 'choose-model', models };
    }
    const { members } = servers;
    const found = await findModel(members, name, signal);
    if (found === undefined) {
      const message = `${hostsOf(servers)} has no model ${name}. Get it with: ollama pull ${name}`;
      throw new ModelError('model-missing', message);
    }
    const { endpoint, model } = found;
    const quiet = readQuietHours(settings['selfPlay.quietHours']) ?? { includes: () => false };
    this.#become({ state: 'starting', what: 'Starting the sandbox' });
    const onProgress = (progress: PlayProgress) => {
      const { told } = this.#parts.sandbox;
      this.#become({ state: 'playing', model: model.name, ...progress, sandbox: told });
      begun({ outcome: 'started' });
    };
    const onTold = (text: string) => this.#parts.log.info(`Self-play: ${text}`);
    const suspend = { quiet, minBattery };
    const turns = {
      engines,
      runs: this.#runs,
      endpoint,
      members,
      model,
      preset: settings['selfPlay.preset'],
      takeOver,
      suspend,
      onProgress,
      onTold,
    };
    const ended = await this.#parts.sandbox.use(
      (sandbox) => takeTurns({ ...turns, sandbox }, signal),
      signal,
    );
    if (ended === 'taken-over') throw new PlayError('other-player', 'Another process took the folder over.');
    this.#become(ended === 'paused' ? { state: 'paused', by: 'person', detail: '' } : { state: 'stopped' });
    return { outcome: 'cancelled' };
  }

  #stopped(error: unknown, signal: AbortSignal): StartResult {
    if (signal.aborted) {
      this.#become({ state: 'paused', by: 'person', detail: '' });
      return { outcome: 'cancelled' };
    }
    if (PlayError.is(error, 'other-player')) {
      this.#become({ state: 'paused', by: 'other-player', detail: error.message });
      return { outcome: 'other-player' };
    }
    const problem = problemOf(error);
    this.#parts.log.error(`Self-play: ${errorText(error)}`);
    this.#become({ state: 'problem', ...problem });
    return { outcome: 'problem', ...problem };
  }

  #become(state: PlayerState): void {
    this.#state = state;
    this.#parts.onChange();
  }
}

function hostsOf({ members }: Servers): string {
  return members.map(({ endpoint }) => endpoint.host).join(', ');
}

async function modelsOf({ members }: Servers, signal: AbortSignal): Promise<string[]> {
  const models = await Promise.all(members.map(({ endpoint }) => endpoint.models(signal)));
  return [...new Set(models.flat().map(({ name }) => name))];
}

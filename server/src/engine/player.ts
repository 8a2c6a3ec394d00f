import type { StartResult } from '../../../protocol/messages.ts';
import type { PresetName } from '../../../protocol/preset.ts';
import type { Settings } from '../../../protocol/settings.ts';
import type { Status } from '../../../protocol/status.ts';
import { type Connection, connect } from '../model/connect.ts';
import { ModelError } from '../model/model-error.ts';
import { ollamaEndpoint } from '../model/ollama.ts';
import type { Finding } from '../selfplay/monitors/finding.ts';
import { findingText } from '../selfplay/monitors/finding-text.ts';
import type { Revive } from '../selfplay/outage.ts';
import { PlayError } from '../selfplay/play-error.ts';
import type { Engine } from './engine.ts';
import type { Log } from './log.ts';
import { errorText, problemOf } from './problem-of.ts';
import type { SharedSandbox } from './shared-sandbox.ts';
import { type PlayProgress, type Turns, takeTurns } from './take-turns.ts';

export type PlayerState =
  | { readonly state: 'stopped' }
  | Extract<Status, { state: 'starting' | 'playing' | 'paused' | 'problem' }>;

export interface PlayerParts {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly engines: () => readonly Engine[];
  readonly sandbox: SharedSandbox;
  readonly settings: () => Promise<Pick<Settings, 'ollama.host' | 'model.name' | 'selfPlay.preset'>>;
  readonly log: Log;
  readonly onChange: () => void;
}

/** What is played, from *Start* on. */
interface Session {
  readonly host: string;
  /** The model's; empty where none is chosen. */
  readonly name: string;
  readonly preset: PresetName;
  readonly engines: readonly Engine[];
  readonly takeOver: boolean;
  readonly begun: (result: StartResult) => void;
  readonly revive: Revive;
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

  /** The models that the endpoint has. Rejects with `ModelError` where none answers. */
  async models(signal: AbortSignal): Promise<{ readonly host: string; readonly models: string[] }> {
    const { 'ollama.host': host } = await this.#parts.settings();
    const connection = await this.#connect(host, signal);
    try {
      const models = await ollamaEndpoint({ host: connection.host }).models(signal);
      return { host: connection.host, models: models.map(({ name }) => name) };
    } finally {
      await connection.close();
    }
  }

  /** Connects, plays and lets go of the connection. Never rejects. */
  async #play(
    engines: readonly Engine[],
    takeOver: boolean,
    begun: (result: StartResult) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const connections: Connection[] = [];
    try {
      this.#become({ state: 'starting', what: 'Looking for Ollama' });
      const settings = await this.#parts.settings();
      const { 'ollama.host': host, 'model.name': name, 'selfPlay.preset': preset } = settings;
      const revive = async () => connections.push(await this.#connect(host, signal));
      await revive();
      const [connection] = connections;
      if (connection === undefined) return;
      const session = { host: connection.host, name, preset, engines, takeOver, begun, revive };
      begun(await this.#playOn(session, signal));
    } catch (error) {
      begun(this.#stopped(error, signal));
    } finally {
      for (const connection of connections) await connection.close();
      this.#session = undefined;
      this.#parts.onChange();
    }
  }

  async #playOn(
    { host, name, preset, engines, takeOver, begun, revive }: Session,
    signal: AbortSignal,
  ): Promise<StartResult> {
    const endpoint = ollamaEndpoint({ host });
    if (name === '') {
      const models = await endpoint.models(signal);
      this.#become({ state: 'stopped' });
      return { outcome: 'choose-model', models: models.map((model) => model.name) };
    }
    const model = await endpoint.model(name, signal);
    if (model === undefined) {
      throw new ModelError('model-missing', `${host} has no model ${name}. Get it with: ollama pull ${name}`);
    }
    this.#become({ state: 'starting', what: 'Starting the sandbox' });
    const onProgress = (progress: PlayProgress) => {
      const { told } = this.#parts.sandbox;
      this.#become({ state: 'playing', model: model.name, ...progress, sandbox: told });
      begun({ outcome: 'started' });
    };
    const onFinding = (finding: Finding) => this.#parts.log.info(`Self-play: ${findingText(finding)}`);
    const turns = {
      engines,
      runs: this.#runs,
      endpoint,
      model,
      preset,
      takeOver,
      onProgress,
      onFinding,
      revive,
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

  #connect(host: string, signal: AbortSignal): Promise<Connection> {
    const { env } = this.#parts;
    return connect({ env: host === '' ? env : { ...env, OLLAMA_HOST: host }, keep: false }, signal);
  }

  #become(state: PlayerState): void {
    this.#state = state;
    this.#parts.onChange();
  }
}

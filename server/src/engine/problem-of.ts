import type { Problem, ProblemReason } from '../../../protocol/status.ts';
import { ModelError, type ModelReason } from '../model/model-error.ts';
import { SandboxError } from '../sandbox/sandbox-error.ts';
import { PlayError } from '../selfplay/play-error.ts';
import { StoreError } from '../store/store-error.ts';

const modelProblems: Readonly<Record<ModelReason, ProblemReason>> = {
  'bad-address': 'ollama-not-running',
  refused: 'ollama-not-running',
  unreachable: 'ollama-not-running',
  stalled: 'ollama-not-running',
  'timed-out': 'ollama-not-running',
  'not-installed': 'ollama-not-installed',
  'too-old': 'ollama-too-old',
  'model-missing': 'model-missing',
  'remote-model': 'model-missing',
  'load-failed': 'failed',
  'prompt-too-long': 'failed',
  'http-error': 'failed',
  'bad-response': 'failed',
};

const playProblems: Readonly<Record<PlayError['reason'], ProblemReason>> = {
  'model-missing': 'model-missing',
  'model-gone': 'ollama-not-running',
  'model-changed': 'failed',
  'other-player': 'failed',
};

/** What the log says of an error: where an unexpected one came from, too. */
export function errorText(error: unknown): string {
  const { reason, detail } = problemOf(error);
  return reason === 'failed' && error instanceof Error ? (error.stack ?? detail) : detail;
}

/** An error of one of the parts as the problem that a person is shown. The parts write their messages for people. */
export function problemOf(error: unknown): Problem {
  const detail = error instanceof Error ? error.message : String(error);
  if (ModelError.is(error)) return { reason: modelProblems[error.reason], detail };
  if (PlayError.is(error)) return { reason: playProblems[error.reason], detail };
  if (StoreError.is(error)) {
    return { reason: error.reason === 'disk-full' ? 'disk-full' : 'store-broken', detail };
  }
  if (error instanceof SandboxError) return { reason: 'sandbox-broken', detail };
  return { reason: 'failed', detail };
}

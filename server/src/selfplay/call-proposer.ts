import type { CallProposer, ProposedCall } from '../mining/proposing/call-proposer.ts';
import type { Endpoint } from '../model/endpoint.ts';
import { ModelError } from '../model/model-error.ts';
import { callForm } from '../tasks/proposals/call-form.ts';
import { taskSize } from '../tasks/task-size.ts';
import { readCall } from '../values/literal-reader.ts';
import { outage, type Revive } from './outage.ts';
import { PlayError } from './play-error.ts';
import { batchSample, onPolicy } from './sampling.ts';

/** A server that has the model, and how it is started again where it is ours. */
export interface ProposerServer {
  readonly endpoint: Endpoint;
  readonly revive?: Revive;
}

/**
 * A model of Ollama that mining may ask for calls. `connect` is called when the first call is wanted. The model continues a Python
 * session that shows the program and known calls (`>>> entry(`), as where it proposes tasks; what it writes is read as a literal and
 * never evaluated. A server that went away is waited for once.
 */
export function createCallProposer(
  model: string,
  connect: (signal: AbortSignal) => Promise<ProposerServer>,
): CallProposer {
  let server: ProposerServer | undefined;
  let mayWait = true;
  return {
    name: model,

    async open(signal) {
      try {
        server = await connect(signal);
        const info = await server.endpoint.model(model, signal);
        if (info === undefined) return { ok: false, detail: missing(model, server.endpoint.host) };
        // Loads it, and has it read what is the same in all prompts.
        await batchSample(server.endpoint, requestFor(emptySubject, 0, 1), signal);
        return { ok: true, digest: info.digest };
      } catch (error) {
        return { ok: false, detail: failureOf(error, signal) };
      }
    },

    async propose(subject, randomSeed, signal): Promise<ProposedCall> {
      if (server === undefined) throw new TypeError('A model is opened before it is asked.');
      const { endpoint, revive } = server;
      const request = requestFor(subject, randomSeed);
      try {
        const sample = await batchSample(endpoint, request, signal).catch(async (error: unknown) => {
          if (!mayWait || !ModelError.is(error, 'refused', 'unreachable')) throw error;
          mayWait = false;
          await outage(error, endpoint, revive, signal);
          return batchSample(endpoint, request, signal);
        });
        if (sample.promptCut) return { outcome: 'too-long' };
        if (sample.finish === 'stall') return { outcome: 'failed', detail: stalled(endpoint.host) };
        return readAnswer(sample.text, subject);
      } catch (error) {
        if (ModelError.is(error, 'prompt-too-long')) return { outcome: 'too-long' };
        return { outcome: 'failed', detail: failureOf(error, signal) };
      }
    },
  };

  function requestFor(subject: Subject, randomSeed: number, tokens?: number) {
    const { prompt, ends: isWhole, numPredict } = callForm.ask([subject]);
    const ends = (text: string) => isWhole(text) || text.length > longestAnswer;
    return { model, prompt, ends, randomSeed, sampling: onPolicy(tokens ?? numPredict) };
  }
}

/** An answer that is longer is no call for a task, whatever follows; characters. */
const longestAnswer = 2 * taskSize.call;

type Subject = Parameters<CallProposer['propose']>[0];

const emptySubject: Subject = { program: 'def same(value):\n    return value\n', entry: 'same', pairs: [] };

function readAnswer(text: string, subject: Subject): ProposedCall {
  const candidate = callForm.read(text, [subject]);
  if (candidate?.type !== 'call' || candidate.call.length > taskSize.call) return { outcome: 'malformed' };
  const read = readCall(candidate.call);
  return read.ok ? { outcome: 'call', call: read.value } : { outcome: 'malformed' };
}

/** What went wrong, for a person. Rejects as the signal says, and with what no server causes. */
function failureOf(error: unknown, signal: AbortSignal): string {
  signal.throwIfAborted();
  if (ModelError.is(error) || PlayError.is(error)) return error.message;
  throw error;
}

function stalled(host: string): string {
  return `${host} stopped in the middle of an answer. Look at Ollama's log; it may lack memory.`;
}

function missing(model: string, host: string): string {
  return `${host} has no model ${model}. Get it with: ollama pull ${model}`;
}

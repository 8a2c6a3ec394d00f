import { Command } from 'commander';
import pc from 'picocolors';
import { cacheFolder } from '../cache-folder.ts';
import { ModelError } from '../model/model-error.ts';
import { ollamaEndpoint } from '../model/ollama.ts';
import { ollamaHost } from '../model/ollama-host.ts';
import { storePath } from '../store/store-path.ts';
import { type CliContext, CliError, typed } from './context.ts';
import { modelOption } from './options.ts';
import { openSandbox } from './parts.ts';

/** One thing that was looked at: how it is, and what to do where it is not well. */
interface Finding {
  readonly what: string;
  readonly well: boolean;
  readonly detail: string;
  readonly todo?: string;
}

/** `autodidact doctor`: what is here, what is missing, what to do. Starts a sandbox, never a model. */
export function doctorCommand(context: CliContext): Command {
  return new Command('doctor')
    .description('say what is installed and reachable, and what to do about what is not')
    .addOption(modelOption())
    .action(async ({ model }: { readonly model: string }) => {
      const findings = [
        runtime(),
        ...(await ollama(model, context)),
        await sandbox(context),
        await folders(context),
      ];
      for (const { what, well, detail, todo } of findings) {
        const mark = well ? pc.green('ok') : pc.red('no');
        context.stdout.write(
          `${mark}  ${what.padEnd(9)} ${detail}${todo === undefined ? '' : `\n               → ${todo}`}\n`,
        );
      }
      const missing = findings.filter(({ well }) => !well);
      if (missing.length > 0)
        throw new CliError('missing', `Missing: ${missing.map(({ what }) => what).join(', ')}.`);
    });
}

function runtime(): Finding {
  return { what: 'Node', well: true, detail: `${process.version} on ${process.platform} ${process.arch}` };
}

async function ollama(model: string, { env, signal }: CliContext): Promise<Finding[]> {
  let host: string;
  try {
    host = ollamaHost(env);
  } catch (error) {
    if (!ModelError.is(error, 'bad-address')) throw error;
    return [{ what: 'Ollama', well: false, detail: error.message }];
  }
  const endpoint = ollamaEndpoint({ host });
  const probe = await endpoint.probe(signal);
  if (probe.state !== 'ready') {
    const detail = `${probe.state} at ${probe.host}: ${probe.detail}`;
    return [
      {
        what: 'Ollama',
        well: false,
        detail,
        todo: `start it (ollama serve), or let this start it: ${typed('play FOLDER', env)}`,
      },
    ];
  }
  const server: Finding = { what: 'Ollama', well: true, detail: `${probe.version} at ${probe.host}` };
  const info = await endpoint.model(model, signal);
  if (info === undefined) {
    return [
      server,
      { what: 'model', well: false, detail: `${model} is not there`, todo: `ollama pull ${model}` },
    ];
  }
  const detail = `${info.name}, ${info.family}, context ${info.contextLength}, ${info.digest.slice(0, 12)}`;
  return [server, { what: 'model', well: true, detail }];
}

async function sandbox(context: CliContext): Promise<Finding> {
  try {
    const opened = await openSandbox({ backend: 'auto', folder: context.cwd }, context);
    const { backend, choice } = opened;
    await opened.close();
    return {
      what: 'sandbox',
      well: true,
      detail: `${backend.name} ${backend.version}, Python ${backend.python}; its self-test could not get out (${choice})`,
    };
  } catch (error) {
    context.signal.throwIfAborted();
    const detail = error instanceof Error ? error.message : String(error);
    return { what: 'sandbox', well: false, detail, todo: 'see docs/sandbox.md' };
  }
}

async function folders({ cwd, env }: CliContext): Promise<Finding> {
  return {
    what: 'records',
    well: true,
    detail: `${await storePath(cwd, { env })}; downloads: ${cacheFolder(env)}`,
  };
}

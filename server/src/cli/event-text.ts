import type { AuditLine } from '../../../protocol/audit.ts';
import { counted } from './counted.ts';
import { verdictText } from './review-text.ts';

/** An event of the audit log as a sentence for a person. Text of records in it is as it was stored. */
export function eventText(event: AuditLine['event']): string {
  switch (event.what) {
    case 'consent':
      return `decided: ${event.detail.folder} may be mined and played.`;
    case 'mining-began':
      return `executed: mining of ${event.detail.folder} began, in ${event.detail.backend.name} ${event.detail.backend.version}.`;
    case 'mined':
      return `executed: mining of ${event.detail.folder} ended: ${counted(event.detail.files, 'file')} read, ${counted(event.detail.seeds, 'seed')} verified.`;
    case 'tests-recorded':
      return `executed: ${counted(event.detail.files, 'file')} of tests of ${event.detail.folder}, which made ${counted(event.detail.calls, 'call')}.`;
    case 'run-began':
      return `executed: run ${event.detail.run} ${event.detail.resumed ? 'went on' : 'began'} on ${event.detail.folder} with ${event.detail.model} ${event.detail.digest.slice(0, 12)}.`;
    case 'run-ended':
      return `executed: run ${event.detail.run} ended: ${event.detail.state}${event.detail.reason === null ? '' : ` (${event.detail.reason})`}.`;
    case 'calibrated': {
      const styles = Object.entries(event.detail.styles).map(([cell, style]) => `${cell} in ${style}`);
      return `decided: ${event.detail.model} is asked ${styles.join(', ') || 'as one that was not calibrated'}.`;
    }
    case 'streamed':
      return `sent: ${counted(event.detail.groups.length, 'group')} to ${event.detail.target}.`;
    case 'trained': {
      const { run, round, trainer, steps, tokens } = event.detail;
      return `executed: round ${round} of training run ${run} at ${trainer}: ${counted(steps, 'step')}, ${counted(tokens, 'token')}.`;
    }
    case 'published': {
      const { model, digest, base, outcome } = event.detail;
      const told = outcome === 'good' ? 'is what was trained' : 'was broken, and deleted again';
      return `decided: ${model} ${digest.slice(0, 12)}, tuned from ${base}, was published and ${told}.`;
    }
    case 'task-state': {
      const { tasks, state, why } = event.detail;
      const named = tasks.length === 1 ? `task ${tasks[0]}` : counted(tasks.length, 'task');
      return `decided: ${named} ${state} (${why}).`;
    }
    case 'reviewed': {
      const { decision, reason, task } = event.detail;
      return `decided: ${decision}${reason === null ? '' : ` (${reason})`} of task ${task} by a person.`;
    }
    case 'monitor':
      return `decided: monitor ${event.detail.monitor} of run ${event.detail.runId}: ${event.detail.action}.`;
    case 'canary':
      return `executed: a canary of run ${event.detail.runId}, ${counted(event.detail.samples.length, 'answer')} judged.`;
    case 'held-out': {
      const { task, runId, verdict } = event.detail;
      return `executed: held-out task ${task} asked in run ${runId}: ${verdictText(verdict)}.`;
    }
    case 'replayed': {
      const { cheats, paid, runId } = event.detail;
      const told = paid === null ? 'none is paid' : `${paid} is paid`;
      return `executed: ${counted(cheats.length, 'known cheat')} judged in run ${runId}: ${told}.`;
    }
    case 'rebuilt':
      return `executed: ${counted(event.detail.tried.length, 'program')} rebuilt ${event.detail.message === null ? 'without a message' : 'from a message'}, for task ${event.detail.taskId}.`;
    case 'test-opened':
      return `decided: the test split of ${event.detail.folder} was opened for ${event.detail.models.join(' and ')}.`;
    case 'unknown':
      return `${event.named}: ${JSON.stringify(event.detail)}`;
  }
}

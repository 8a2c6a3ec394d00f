import type { AuditLine } from '../../../protocol/audit.ts';
import type { Store } from '../store/store.ts';

/** Lines read at once: the store answers others in between. */
const linesAtOnce = 500;

/** The lines of the audit log that name a run, oldest first. Rejects with `StoreError`. */
export async function runLog(runId: string, store: Pick<Store, 'auditLog'>): Promise<AuditLine[]> {
  const lines: AuditLine[] = [];
  for (;;) {
    const after = lines.at(-1)?.number ?? 0;
    const some = await store.auditLog({ runId, after, limit: linesAtOnce });
    lines.push(...some);
    if (some.length < linesAtOnce) return lines;
  }
}

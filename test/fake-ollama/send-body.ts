import type { ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import type { Fault } from './script.ts';

/** What a response consists of: each line without its end. */
export interface Body {
  readonly status: number;
  readonly contentType: 'application/json; charset=utf-8' | 'application/x-ndjson';
  readonly lines: readonly string[];
}

/** Writes a response with what its fault makes of it, at a pace of `lineMs` per line. */
export async function sendBody(
  response: ServerResponse,
  body: Body,
  fault: Fault | undefined,
  lineMs: number,
): Promise<void> {
  if (fault?.fault === 'slow-headers') await wait(fault.ms);
  if (fault?.fault === 'status') {
    response.writeHead(fault.status, {
      'content-type': fault.contentType ?? 'application/json; charset=utf-8',
    });
    response.end(fault.body);
    return;
  }
  response.writeHead(body.status, { 'content-type': body.contentType });
  response.flushHeaders();
  const end = body.contentType === 'application/x-ndjson' ? '\n' : '';
  for (const [index, line] of body.lines.entries()) {
    const isHere = fault !== undefined && 'afterLines' in fault && index === fault.afterLines;
    if (isHere && fault.fault !== 'line') {
      await breakOff(response, fault, line);
      return;
    }
    if (lineMs > 0) await wait(lineMs);
    if (response.destroyed) return;
    const text = isHere && fault.fault === 'line' ? fault.line : line;
    await write(response, text + end, fault?.fault === 'split' ? fault.bytes : undefined);
  }
  response.end();
}

async function breakOff(
  response: ServerResponse,
  fault: Exclude<Extract<Fault, { afterLines: number }>, { fault: 'line' }>,
  line: string,
): Promise<void> {
  switch (fault.fault) {
    case 'stall':
      return;
    case 'reset':
      // What was written must be on its way, or the client never sees it.
      await wait(20);
      response.socket?.resetAndDestroy();
      return;
    case 'cut':
      response.end(line.slice(0, line.length / 2));
  }
}

async function write(response: ServerResponse, text: string, pieceBytes: number | undefined): Promise<void> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += pieceBytes ?? bytes.length) {
    response.write(bytes.subarray(at, at + (pieceBytes ?? bytes.length)));
    // A turn of the event loop between two pieces keeps them apart.
    if (pieceBytes !== undefined) await new Promise(setImmediate);
  }
}

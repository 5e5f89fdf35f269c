import type { Medium } from '../api/client.ts';
import { Problem } from '../api/problem.ts';
import type { Attachment } from './attachment.ts';

/** An upload as the server knows it. */
export interface Progress {
  readonly id: string;
  readonly received: number;
  /** How many bytes the next piece should have at most. */
  readonly piece_size: number;
}

/** The server, as far as uploads need it. Every method raises `Problem`. */
export interface UploadServer {
  /** Begins an upload; asked again with the same `beginnings`, answers the same. */
  begin(attachment: Attachment): Promise<Progress>;
  progress(upload: string): Promise<Progress>;
  put(upload: string, offset: number, piece: Blob): Promise<Progress>;
  /** Makes a medium of all pieces; asked again, answers the same. */
  finish(upload: string): Promise<Medium>;
}

/** Called with the attachment each time more of it is known to be at the server. */
export type Keep = (attachment: Attachment) => Promise<void>;

/**
 * Sends an attachment in pieces, from where an earlier attempt ended, so that the entry has it
 * exactly once. Raises `Problem`; what was sent until then need not be sent again.
 */
export async function upload(
  attachment: Attachment,
  server: UploadServer,
  keep: Keep,
  signal: AbortSignal,
): Promise<Medium> {
  const known = attachment.upload === null ? null : await resumed(attachment, server);
  if (known === null) return fromTheStart(attachment, server, keep, signal);
  if ('medium' in known) return known.medium;
  return rest(attachment, known, server, keep, signal);
}

async function fromTheStart(
  attachment: Attachment,
  server: UploadServer,
  keep: Keep,
  signal: AbortSignal,
): Promise<Medium> {
  const asked = { ...attachment, upload: null, received: 0, beginnings: attachment.beginnings + 1 };
  const begun = await server.begin(asked);
  const kept = { ...asked, upload: begun.id, received: begun.received };
  await keep(kept);
  return rest(kept, begun, server, keep, signal);
}

async function rest(
  attachment: Attachment,
  begun: Progress,
  server: UploadServer,
  keep: Keep,
  signal: AbortSignal,
): Promise<Medium> {
  const { file } = attachment;
  let at = begun;
  while (at.received < file.size) {
    signal.throwIfAborted();
    const piece = file.slice(at.received, at.received + at.piece_size);
    at = await next(server, at, piece);
    await keep({ ...attachment, upload: at.id, received: at.received });
  }
  signal.throwIfAborted();
  return server.finish(at.id);
}

/** Sends one piece; one that came twice, because an answer was lost, moves on to where the server is. */
async function next(server: UploadServer, at: Progress, piece: Blob): Promise<Progress> {
  try {
    return await server.put(at.id, at.received, piece);
  } catch (error) {
    if (!(error instanceof Problem) || error.kind !== 'conflict') throw error;
    const there = await server.progress(at.id);
    if (there.received === at.received) throw error;
    return there;
  }
}

/** How far the server is; its medium, when only the answer to the end was lost; null: begin anew. */
async function resumed(
  attachment: Attachment,
  server: UploadServer,
): Promise<Progress | { readonly medium: Medium } | null> {
  const id = attachment.upload ?? '';
  try {
    return await server.progress(id);
  } catch (error) {
    if (!isGone(error)) throw error;
  }
  if (attachment.received < attachment.file.size) return null;
  try {
    return { medium: await server.finish(id) };
  } catch (error) {
    if (!isGone(error)) throw error;
    return null;
  }
}

function isGone(error: unknown): boolean {
  return error instanceof Problem && error.kind === 'gone';
}

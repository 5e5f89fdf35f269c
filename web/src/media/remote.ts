import { api, body, type Medium } from '../api/client.ts';
import { Problem, problemOf } from '../api/problem.ts';
import { session } from '../api/session.svelte.ts';
import type { Refusal } from './attachment.ts';
import { Sizes } from './sizes.ts';
import type { Progress, UploadServer } from './uploading.ts';

const JSON_TYPE = { 'Content-Type': 'application/json' };

/** Uploads of the server. */
export const uploads: UploadServer = {
  begin({ id, entry, name, file, beginnings }) {
    return body(
      api.POST('/api/v1/media/uploads', {
        headers: { ...JSON_TYPE, 'Idempotency-Key': `begin-${id}-${beginnings}` },
        // What is to be seen is told at the end: it may change until then, and this must not.
        body: { entry_id: entry, size: file.size, file_name: name || null },
      }),
    );
  },

  progress(upload_id) {
    const params = { path: { upload_id } };
    return body(api.GET('/api/v1/media/uploads/{upload_id}', { params }));
  },

  async put(upload, offset, piece) {
    const address = `${location.origin}/api/v1/media/uploads/${upload}?offset=${offset}`;
    const headers = { 'Content-Type': 'application/octet-stream' };
    // In memory: a request that is sent again after its token ran out needs its body again.
    const bytes = await piece.arrayBuffer();
    const answer = await session.fetch(new Request(address, { method: 'PUT', headers, body: bytes }));
    if (!answer.ok) throw await problemOf(answer);
    return (await answer.json()) as Progress;
  },

  finish(upload_id) {
    return body(
      api.POST('/api/v1/media/uploads/{upload_id}/finish', {
        params: { path: { upload_id } },
        headers: { 'Idempotency-Key': `finish-${upload_id}` },
      }),
    );
  },
};

/** Gives an upload up; what is left at the server is forgotten in a day anyway. */
export async function giveUp(upload_id: string): Promise<void> {
  await api.DELETE('/api/v1/media/uploads/{upload_id}', { params: { path: { upload_id } } });
}

export function mediaOf(entry_id: string): Promise<Medium[]> {
  return body(api.GET('/api/v1/entries/{entry_id}/media', { params: { path: { entry_id } } }));
}

export function describe(media_id: string, alt: string): Promise<Medium> {
  return body(
    api.PUT('/api/v1/media/{media_id}', {
      params: { path: { media_id } },
      body: { alt_text: alt || null },
    }),
  );
}

/** Deletes a medium, even while the page is being left. */
export async function remove(media_id: string): Promise<void> {
  const params = { path: { media_id } };
  await body(api.DELETE('/api/v1/media/{media_id}', { params, keepalive: true }));
}

/** Addresses of the larger pictures that the server has made of some media. */
export async function sizesOf(media: readonly Medium[]): Promise<Sizes> {
  const items = media
    .filter(({ thumbnail_path }) => thumbnail_path !== null)
    .flatMap(({ id }) => [{ id, variant: 'medium' as const }, { id, variant: 'large' as const }]);
  const signed = [];
  for (let at = 0; at < items.length; at += 100) {
    const asked = { body: { items: items.slice(at, at + 100) } };
    signed.push(...(await body(api.POST('/api/v1/media/batch-sign', asked))).results);
  }
  return new Sizes(signed);
}

/** Why the server will never take something; null when a later try may succeed. */
export function refusalOf(problem: Problem): Refusal | null {
  switch (problem.status) {
    case 404:
      return 'gone';
    case 413:
      return 'size';
    case 400:
    case 415:
      return 'type';
    case 422:
      return 'broken';
    case 507:
      return 'full';
    default:
      return null;
  }
}

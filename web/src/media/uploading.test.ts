import { describe, expect, test } from 'vitest';
import type { Medium } from '../api/client.ts';
import { Problem } from '../api/problem.ts';
import { fresh, type Attachment } from './attachment.ts';
import { upload, type Progress, type UploadServer } from './uploading.ts';

const PIECE = 4;
const BYTES = 'a picture of a heron';

/** A server whose next answers can be lost, and that tells what it took. */
class Server implements UploadServer {
  readonly uploads = new Map<string, string>();
  readonly begun = new Map<string, string>();
  readonly media: string[] = [];
  readonly finished = new Map<string, string>();
  losing = 0;
  puts = 0;

  async begin({ id, beginnings }: Attachment): Promise<Progress> {
    const key = `${id}-${beginnings}`;
    const upload = this.begun.get(key) ?? `upload-${this.begun.size + 1}`;
    this.begun.set(key, upload);
    if (!this.uploads.has(upload)) this.uploads.set(upload, '');
    return this.answer(this.of(upload));
  }

  async progress(upload: string): Promise<Progress> {
    return this.answer(this.of(upload));
  }

  async put(upload: string, offset: number, piece: Blob): Promise<Progress> {
    this.puts += 1;
    const there = this.uploads.get(upload) ?? '';
    if (offset !== there.length) throw new Problem(409, 'elsewhere');
    this.uploads.set(upload, there + (await piece.text()));
    return this.answer(this.of(upload));
  }

  async finish(upload: string): Promise<Medium> {
    const done = this.finished.get(upload) ?? this.uploads.get(upload);
    if (done === undefined) throw new Problem(404, 'gone');
    if (!this.finished.has(upload)) this.media.push(done);
    this.finished.set(upload, done);
    this.uploads.delete(upload);
    return this.answer({ id: 'medium' } as Medium);
  }

  private of(upload: string): Progress {
    const there = this.uploads.get(upload);
    if (there === undefined) throw new Problem(404, 'gone');
    return { id: upload, received: there.length, piece_size: PIECE };
  }

  private answer<T>(answer: T): T {
    if (this.losing === 0) return answer;
    this.losing -= 1;
    throw new Problem(0, 'lost');
  }
}

class Device {
  attachment = fresh('a', 'e', 'p', new File([BYTES], 'heron.png', { type: 'image/png' }), 1);
  readonly stop = new AbortController();
  constructor(readonly server: Server) {}

  send(): Promise<Medium> {
    const keep = async (kept: Attachment): Promise<void> => void (this.attachment = kept);
    return upload(this.attachment, this.server, keep, this.stop.signal);
  }
}

describe('an upload', () => {
  test('arrives whole, in pieces', async () => {
    const device = new Device(new Server());
    expect((await device.send()).id).toBe('medium');
    expect(device.server.media).toEqual([BYTES]);
    expect(device.server.puts).toBe(Math.ceil(BYTES.length / PIECE));
  });

  test.each([0, 1, 2, 3, 4, 5, 6])('arrives once when answer %i is lost', async (before) => {
    const device = new Device(new Server());
    const { server } = device;
    let left = before;
    const methods = ['begin', 'put', 'finish'] as const;
    for (const name of methods) {
      const asked = server[name].bind(server) as (...given: unknown[]) => Promise<unknown>;
      Object.assign(server, {
        [name]: async (...given: unknown[]) => {
          if (left-- === 0) server.losing = 1;
          return asked(...given);
        },
      });
    }
    await expect(device.send()).rejects.toThrow(Problem);
    await device.send();
    expect(server.media).toEqual([BYTES]);
    expect(server.begun.size).toBe(1);
    expect(server.puts).toBe(Math.ceil(BYTES.length / PIECE));
  });

  test('begins anew when the server has forgotten it', async () => {
    const device = new Device(new Server());
    device.attachment = { ...device.attachment, upload: 'long-ago', received: 8, beginnings: 1 };
    await device.send();
    expect(device.server.media).toEqual([BYTES]);
  });

  test('ends where it is cancelled', async () => {
    const device = new Device(new Server());
    device.stop.abort();
    await expect(device.send()).rejects.toThrow('abort');
    expect(device.server.media).toEqual([]);
  });

  test.each([
    ['text/plain', 'type'],
    ['image/svg+xml', 'type'],
    ['image/heic', null],
    ['', null],
  ])('of %j is refused here: %j', (type, refusal) => {
    expect(fresh('a', 'e', 'p', new File(['x'], 'x', { type }), 1).refusal).toBe(refusal);
  });
});

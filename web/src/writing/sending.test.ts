import { describe, expect, test } from 'vitest';
import { Problem } from '../api/problem.ts';
import type { Draft, Held, Text } from './draft.ts';
import { send, type Entries } from './sending.ts';

/** A server whose answers can be lost on the way back. */
class Server implements Entries {
  text: Text | null = null;
  version = 0;
  losing = false;
  writes = 0;

  async create(draft: Draft): Promise<Held> {
    if (this.text && (this.text.content !== draft.content || this.text.title !== draft.title)) {
      throw new Problem(409, 'another body');
    }
    return this.take(draft);
  }

  async replace(_id: string, text: Text, etag: string): Promise<Held> {
    if (etag !== `"${this.version}"`) throw new Problem(412, 'changed');
    return this.take(text);
  }

  async read(): Promise<Held> {
    return this.held();
  }

  edit(content: string): void {
    this.text = { title: '', content };
    this.version += 1;
  }

  private take({ title, content }: Text): Held {
    if (this.text?.content !== content) {
      this.text = { title, content };
      this.version += 1;
      this.writes += 1;
    }
    if (this.losing) throw new Problem(0, 'lost');
    return this.held();
  }

  private held(): Held {
    if (!this.text) throw new Problem(404, 'gone');
    return { ...this.text, etag: `"${this.version}"` };
  }
}

function drafted(content: string): Draft {
  return {
    id: 'a', person: 'p', journal: 'j', prompt: null, begun: '2026-11-24T10:00:00Z', zone: 'UTC',
    title: '', content, pictured: false, held: null, sent: [], turn: 0,
  };
}

class Device {
  draft: Draft;
  constructor(content: string, readonly server: Server) {
    this.draft = drafted(content);
  }
  type(content: string): void {
    this.draft = { ...this.draft, content };
  }
  async send(): Promise<string> {
    const outcome = await send(this.draft, this.server, async (kept) => void (this.draft = kept));
    this.draft = outcome.draft;
    return outcome.state;
  }
  async fail(): Promise<void> {
    this.server.losing = true;
    await expect(this.send()).rejects.toThrow(Problem);
    this.server.losing = false;
  }
}

describe('sending', () => {
  test('makes one entry of a text whose answers were lost', async () => {
    const device = new Device('one', new Server());
    await device.fail();
    await device.fail();
    expect(await device.send()).toBe('saved');
    expect(device.server.writes).toBe(1);
  });

  test('goes on from its own text when the answer to an earlier one was lost', async () => {
    const device = new Device('one', new Server());
    await device.fail();
    device.type('one two');
    expect(await device.send()).toBe('saved');
    expect(device.server.text?.content).toBe('one two');
  });

  test('knows each of several texts whose answers were lost', async () => {
    const device = new Device('one', new Server());
    await device.send();
    device.type('one two');
    await device.fail();
    device.type('one two three');
    expect(await device.send()).toBe('saved');
    expect(device.server.text?.content).toBe('one two three');
  });

  test('tells of a change elsewhere and overwrites nothing', async () => {
    const device = new Device('one', new Server());
    await device.send();
    device.server.edit('theirs');
    device.type('mine');
    expect(await device.send()).toBe('conflict');
    expect(device.server.text?.content).toBe('theirs');
    expect(device.draft.content).toBe('mine');
  });

  test('takes an equal change elsewhere for its own', async () => {
    const device = new Device('one', new Server());
    await device.send();
    device.server.edit('same');
    device.type('same');
    expect(await device.send()).toBe('saved');
  });

  test('sends nothing when the server has it all', async () => {
    const device = new Device('one', new Server());
    await device.send();
    await device.send();
    expect(device.server.writes).toBe(1);
  });
});

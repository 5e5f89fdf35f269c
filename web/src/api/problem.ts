/** What a request came to when it did not succeed. */

/** `offline`: nobody answered. `busy`: try again later. `refused`: the server said no, and why. */
export type ProblemKind = 'offline' | 'busy' | 'signed-out' | 'gone' | 'conflict' | 'refused';

/** An answer of the server that is no success (RFC 9457), or none at all (status 0). */
export class Problem extends Error {
  override readonly name = 'Problem';

  constructor(
    readonly status: number,
    readonly detail: string,
    /** Seconds to wait before the next try, when the server said so. */
    readonly retryAfter: number | null = null,
    /** What else the server told. */
    readonly body: Readonly<Record<string, unknown>> = {},
  ) {
    super(detail);
  }

  get kind(): ProblemKind {
    if (this.status === 0) return 'offline';
    if (this.status === 401) return 'signed-out';
    if (this.status === 404 || this.status === 410) return 'gone';
    if (this.status === 409 || this.status === 412) return 'conflict';
    return this.status === 429 || this.status >= 500 ? 'busy' : 'refused';
  }
}

/** An id from the address: an empty one would ask for the whole list. Raises `Problem` for it. */
export function given(id: string): string {
  if (id === '') throw new Problem(404, '');
  return id;
}

export async function problemOf(answer: Response): Promise<Problem> {
  return problemFrom(answer, await answer.json().catch(() => null));
}

/** The same for an answer whose body has been read. */
export function problemFrom(answer: Response, read: unknown): Problem {
  const wait = Number(answer.headers.get('retry-after') ?? NaN);
  const body = read !== null && typeof read === 'object' ? { ...read } : {};
  const detail = 'detail' in body && typeof body.detail === 'string' ? body.detail : '';
  return new Problem(answer.status, detail, Number.isFinite(wait) ? wait : null, body);
}

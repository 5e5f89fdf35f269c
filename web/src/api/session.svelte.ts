import { exclusively } from '../app/exclusive.ts';
import { Problem, problemOf } from './problem.ts';

/** Who is signed in. The access token lives in memory only; the refresh token in a cookie that no
 * script can read. */

export interface Person {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly role: string;
}

/**
 * `unreachable`: nobody answered, and this browser knows nobody. `ended`: the session of the person
 * who is at work is over; their text stays on the screen while they sign in again.
 */
export type Standing = 'unknown' | 'signed-in' | 'signed-out' | 'ended' | 'unreachable';

interface Opened {
  readonly access_token: string;
}

/** What an account is opened with. */
export interface Account {
  readonly name: string;
  readonly email: string;
  readonly password: string;
  readonly invite?: string;
}

/** A second factor is asked for: the token goes back with the code. */
export interface Challenge {
  readonly mfa_token: string;
}

const API = '/api/v1';
const CLIENT = { 'X-Journiv-Client': 'pwa' };

class Session {
  standing: Standing = $state('unknown');
  person: Person | null = $state.raw(null);
  /** The account was opened just now. */
  isNew: boolean = $state(false);
  #token: string | null = null;
  #renewing: Promise<boolean> | null = null;

  /** Whether somebody was here before, so that a session is likely. */
  get expected(): boolean {
    return !isStranger();
  }

  /** Goes on with the session this browser has, if it has one. */
  async resume(): Promise<void> {
    if (isStranger()) {
      this.standing = 'signed-out';
      return;
    }
    try {
      if (!(await this.#renew())) return;
      this.person = remembered();
      if (!this.person) await this.#greet();
      else {
        this.standing = 'signed-in';
        this.#greet().catch(() => {});
      }
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      this.person = remembered();
      this.standing = this.person ? 'signed-in' : 'unreachable';
    }
  }

  /** Returns a challenge when a second factor is asked for. Raises `Problem`. */
  async signIn(email: string, password: string): Promise<Challenge | null> {
    return this.#open('/auth/login', { email, password });
  }

  async answer(challenge: Challenge, code: string): Promise<Challenge | null> {
    return this.#open('/auth/mfa', { ...challenge, code });
  }

  /** Opens an account and signs in. `setup` is the token some servers want for the first one. */
  async register(account: Account, setup: string): Promise<void> {
    const body = json(account, setup ? { 'X-Setup-Token': setup } : {});
    const answer = await reach(new Request(`${location.origin}${API}/auth/register`, body));
    if (!answer.ok) throw await problemOf(answer);
    this.isNew = true;
    await this.signIn(account.email, account.password);
  }

  /** Signs in by the ticket of a provider; returns where the person was going. Raises `Problem`. */
  async exchange(ticket: string): Promise<string> {
    const asked = new Request(`${location.origin}${API}/auth/oidc/exchange`, json({ ticket }));
    const answer = await reach(asked);
    if (!answer.ok) throw await problemOf(answer);
    const { access_token, next } = (await answer.json()) as Opened & { readonly next: string };
    this.#token = access_token;
    await this.#greet();
    return next;
  }

  async signOut(): Promise<void> {
    await this.fetch(new Request(`${location.origin}${API}/auth/logout`, { method: 'POST' }));
    this.person = null;
    this.#end();
  }

  /** The account is no more: nobody is here. */
  leave(): void {
    this.person = null;
    this.#end();
  }

  /** Like `fetch`, as the person who is signed in; renews the token once when it has run out.
   * Raises `Problem` with status 0 when nobody answers. */
  readonly fetch = async (request: Request): Promise<Response> => {
    const again = request.clone();
    const answer = await reach(this.#authorized(request));
    if (answer.status !== 401 || !(await this.#renew())) return answer;
    return reach(this.#authorized(again));
  };

  #authorized(request: Request): Request {
    if (this.#token) request.headers.set('Authorization', `Bearer ${this.#token}`);
    return request;
  }

  async #open(path: string, body: object): Promise<Challenge | null> {
    const answer = await reach(new Request(location.origin + API + path, json(body)));
    if (!answer.ok) {
      const problem = await problemOf(answer);
      const ticket = problem.body['mfa_token'];
      if (typeof ticket === 'string') return { mfa_token: ticket };
      throw problem;
    }
    this.#token = ((await answer.json()) as Opened).access_token;
    await this.#greet();
    return null;
  }

  async #greet(): Promise<void> {
    const answer = await this.fetch(new Request(`${location.origin}${API}/users/me`));
    if (!answer.ok) throw await problemOf(answer);
    const { id, name, email, role } = (await answer.json()) as Person;
    this.person = { id, name, email, role };
    remember(this.person);
    this.standing = 'signed-in';
  }

  /** One renewal at a time, over all tabs: a refresh token may be used once. */
  #renew(): Promise<boolean> {
    this.#renewing ??= exclusively('journiv-refresh', () => this.#refresh()).finally(
      () => (this.#renewing = null),
    );
    return this.#renewing;
  }

  async #refresh(): Promise<boolean> {
    const answer = await reach(new Request(`${location.origin}${API}/auth/refresh`, json({})));
    if (answer.ok) {
      this.#token = ((await answer.json()) as Opened).access_token;
      return true;
    }
    if (answer.status === 429 || answer.status >= 500) throw await problemOf(answer);
    this.#end();
    return false;
  }

  #end(): void {
    this.#token = null;
    this.standing = this.person ? 'ended' : 'signed-out';
    if (!this.person) forget();
  }
}

const PERSON = 'person';

/** Who was here last, so that one can write where there is no network. */
function remembered(): Person | null {
  try {
    const kept = localStorage.getItem(PERSON);
    return kept === null ? null : (JSON.parse(kept) as Person);
  } catch {
    return null;
  }
}

/** Nobody was here before, as far as this browser can tell. */
function isStranger(): boolean {
  try {
    return localStorage.getItem(PERSON) === null;
  } catch {
    return false;
  }
}

function remember(person: Person): void {
  try {
    localStorage.setItem(PERSON, JSON.stringify(person));
  } catch {
    // Storage is off in this browser: without a network one cannot begin here.
  }
}

function forget(): void {
  try {
    localStorage.removeItem(PERSON);
  } catch {
    // There is nothing to forget where nothing can be kept.
  }
}

export const session = new Session();

function json(body: object, more: Readonly<Record<string, string>> = {}): RequestInit {
  const headers = { 'Content-Type': 'application/json', ...CLIENT, ...more };
  return { method: 'POST', headers, body: JSON.stringify(body) };
}

async function reach(request: Request): Promise<Response> {
  try {
    return await fetch(request);
  } catch (error) {
    throw new Problem(0, error instanceof Error ? error.message : '');
  }
}

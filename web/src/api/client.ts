import createClient, { type FetchResponse } from 'openapi-fetch';
import type { MediaType } from 'openapi-typescript-helpers';
import { problemFrom } from './problem.ts';
import type { components, paths } from './schema.d.ts';
import { session } from './session.svelte.ts';

export type Schemas = components['schemas'];
export type Entry = Schemas['EntryResponse'];
export type Moment = Schemas['MomentResponse'];
export type Day = Schemas['DayResponse'];
export type Memory = Schemas['MemoryResponse'];
export type Journal = Schemas['JournalResponse'];
export type Mood = Schemas['MoodResponse'];
export type Prompt = Schemas['PromptResponse'];
export type Medium = Schemas['EntryMediaResponse'];
export type Config = Schemas['InstanceConfig'];

/** Every operation of the server, typed by its own OpenAPI document. */
export const api = createClient<paths>({ baseUrl: location.origin, fetch: session.fetch });

/** The body of an answer; raises the `Problem` of one that is no success. */
export async function body<T extends Record<string | number, unknown>, O, M extends MediaType>(
  asked: Promise<FetchResponse<T, O, M>>,
): Promise<NonNullable<FetchResponse<T, O, M>['data']>> {
  const { data, error, response } = await asked;
  if (!response.ok) throw problemFrom(response, error);
  return data as NonNullable<FetchResponse<T, O, M>['data']>;
}

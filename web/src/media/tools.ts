/** What writing needs for pictures, loaded once the page stands. */
export { default as Attach } from './Attach.svelte';
export { default as EntryMedia } from './EntryMedia.svelte';
export { takesFiles } from './files.ts';
export { outbox } from './outbox.svelte.ts';

import { Autolink, parser, Strikethrough, Table, TaskList, type MarkdownParser } from '@lezer/markdown';

/** CommonMark with what diaries use of GitHub's: tasks, tables, struck text, bare links. */
export const markdown: MarkdownParser = parser.configure([
  Autolink,
  Strikethrough,
  Table,
  TaskList,
]);

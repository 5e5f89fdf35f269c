import type { DataMessages } from './data.en.ts';
import { plural } from './plural.ts';

const count = plural('de');

export const de: DataMessages = {
  bringIn: 'Ein Tagebuch hereinholen',
  bringInto:
    'Probiere es zuerst: Ein Probelauf liest alles und speichert nichts. Einen ganzen Import kannst du zurücknehmen.',
  file: 'Wähle eine Datei oder lege sie hier ab',
  otherFile: 'Andere Datei wählen',
  aFile: 'Eine Datei',
  format: 'Sie kommt aus',
  anyFormat: 'Selbst herausfinden',
  markdown: 'Markdown, Obsidian',
  journal: 'Tagebuch für Einträge, die keines nennen',
  imported: 'Importiert',
  zone: 'Zeitzone für Zeiten, die keine nennen',
  tryIt: 'Zuerst probieren',
  bring: 'Hereinholen',
  sending: 'Die Datei wird gesendet …',
  imports: 'Was hereinkam',
  noImports: 'Noch wurde nichts hereingeholt.',
  tried: 'Probelauf',
  undo: 'Zurücknehmen',
  undone: 'Zurückgenommen',
  forget: 'Aus der Liste nehmen',
  status: {
    pending: 'Wartet',
    running: 'Läuft',
    completed: 'Fertig',
    failed: 'Gescheitert',
    cancelled: 'Abgebrochen',
  },
  done: (processed, total) => `${processed} von ${total}`,
  cancel: 'Abbrechen',
  report: {
    entries_created: (many) => count(many, { one: '# Eintrag', other: '# Einträge' }),
    journals_created: (many) => count(many, { one: '# Tagebuch', other: '# Tagebücher' }),
    media_files_imported: (many) => count(many, { one: '# Anhang', other: '# Anhänge' }),
    tags_created: (many) => count(many, { one: '# neues Schlagwort', other: '# neue Schlagwörter' }),
    mood_logs_created: (many) => count(many, { one: '# Stimmung', other: '# Stimmungen' }),
    entries_known: (many) =>
      count(many, { one: '# Eintrag war schon da', other: '# Einträge waren schon da' }),
    entries_skipped: (many) =>
      count(many, { one: '# Eintrag ausgelassen', other: '# Einträge ausgelassen' }),
    media_files_skipped: (many) =>
      count(many, { one: '# Anhang ausgelassen', other: '# Anhänge ausgelassen' }),
    entries_removed: (many) =>
      count(many, { one: '# Eintrag entfernt', other: '# Einträge entfernt' }),
    entries_kept: (many) =>
      `${count(many, { one: '# Eintrag', other: '# Einträge' })} behalten, weil inzwischen geändert`,
  },
  nothing: 'Nichts Neues.',
  remarks: (many) => count(many, { one: '# Anmerkung', other: '# Anmerkungen' }),
  takeOut: 'Ein Tagebuch mitnehmen',
  takeOutOf: 'Eine Datei mit allem, zum Aufheben oder für anderswo.',
  as: 'Als',
  archive: 'Alles, für ein anderes Journiv',
  asMarkdown: 'Markdown-Dateien',
  html: 'Eine Seite zum Lesen',
  journiv: 'Im Aufbau von Journiv 1.0',
  ofJournal: 'Tagebuch',
  allJournals: 'Alle Tagebücher',
  from: 'Von Tag',
  to: 'Bis Tag',
  withMedia: 'Mit Bildern, Tönen und Filmen',
  begin: 'Datei erstellen',
  exports: 'Dateien zum Herunterladen',
  noExports: 'Noch wurde keine Datei erstellt.',
  download: 'Herunterladen',
  delete: 'Datei löschen',
  size: (megabytes) => `${megabytes} MB`,
  leave: 'Konto löschen',
  leaveOf:
    'Löscht dein Konto mit jedem Eintrag, Bild und Schlagwort, für immer. Nimm dein Tagebuch vorher mit.',
  typeName: (name) => `Gib zur Bestätigung „${name}“ ein`,
  deleteForEver: 'Alles für immer löschen',
};

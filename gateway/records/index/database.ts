/**
 * The index of a folder of records: an SQLite database beside them, made from them and made anew at will. What is in it
 * points at records; what they say is always read from the log.
 */
import { closeSync, openSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

/** The index is broken, of another version, or not that of these records: it is to be made anew. */
export class IndexFault extends Error {}

const fileName = 'index.sqlite'
/** What the tables mean; an index of another version is made anew. */
const version = 5

/**
 * `log`: how far each was read: so many bytes of a file, up to an entry, after a batch with this hash. `profile`: what
 * records have in common that they can be asked by, as JSON, and how many have it. `record`: number (see `numberOf`) and
 * time of each. `several`: those that stand for more than one, and for how many more. `rare`: which records have a word of
 * `rareKeys`. `person`: in which records somebody is, by the 48 bits of the blind index that stands for them: `number` and `more` of them
 * (people-rows.ts); `also`: by which other values one is known. `stretch`: where entries stand. `damage`: files of which some could not be read.
 */
const tables = `
CREATE TABLE log (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, first_file INTEGER NOT NULL, file INTEGER NOT NULL,
  bytes INTEGER NOT NULL, head TEXT NOT NULL);
CREATE TABLE profile (id INTEGER PRIMARY KEY, said TEXT NOT NULL UNIQUE, records INTEGER NOT NULL,
  first INTEGER NOT NULL, last INTEGER NOT NULL);
CREATE TABLE record (profile INTEGER NOT NULL, time INTEGER NOT NULL, number INTEGER NOT NULL,
  PRIMARY KEY (profile, time, number)) WITHOUT ROWID;
CREATE TABLE several (profile INTEGER NOT NULL, time INTEGER NOT NULL, number INTEGER NOT NULL, more INTEGER NOT NULL,
  PRIMARY KEY (profile, time, number)) WITHOUT ROWID;
CREATE INDEX record_by_time ON record (time, number, profile);
CREATE TABLE rare (key TEXT NOT NULL, word TEXT NOT NULL, number INTEGER NOT NULL,
  PRIMARY KEY (key, word, number)) WITHOUT ROWID;
CREATE TABLE person (month INTEGER NOT NULL, mark INTEGER NOT NULL, profile INTEGER NOT NULL, number INTEGER NOT NULL,
  more BLOB, PRIMARY KEY (month, mark, profile, number)) WITHOUT ROWID;
CREATE TABLE also (month INTEGER NOT NULL, mark INTEGER NOT NULL, person INTEGER NOT NULL,
  PRIMARY KEY (month, mark, person)) WITHOUT ROWID;
CREATE TABLE stretch (log INTEGER NOT NULL, first INTEGER NOT NULL, file INTEGER NOT NULL, bytes INTEGER NOT NULL,
  PRIMARY KEY (log, first)) WITHOUT ROWID;
CREATE TABLE damage (path TEXT PRIMARY KEY) WITHOUT ROWID;
PRAGMA user_version = ${version};`

/** Entries of one log: more than a log can have, and room for thousands of logs in a safe integer. */
const entriesOfLog = 2 ** 40

/** One number for each record of a folder. */
export function numberOf(log: number, seq: number): number {
  return log * entriesOfLog + seq
}

/** Of such a number: which log of the folder, and which of its entries. */
export function placeOf(number: number): { readonly log: number; readonly seq: number } {
  return { log: Math.floor(number / entriesOfLog), seq: number % entriesOfLog }
}

/** `202611` of a record's time. */
export function monthNumber(time: string): number {
  return Number(time.slice(0, 4)) * 100 + Number(time.slice(5, 7))
}

/**
 * Opens the index of a folder, and makes an empty one where there is none. Throws IndexFault. No more of it is kept in memory
 * than SQLite does by itself, 2 MB: who fills it, beside a gateway, is no faster with more (README.md).
 */
export function openIndex(directory: string): DatabaseSync {
  const path = join(directory, fileName)
  closeSync(openSync(path, 'a', 0o600))
  const database = new DatabaseSync(path, { timeout: 60_000 })
  try {
    // An index that a power failure breaks is found broken and made anew: NORMAL keeps it from being wrong in silence.
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA temp_store = MEMORY')
    database.exec('BEGIN IMMEDIATE')
    const { user_version: found } = database.prepare('PRAGMA user_version').get() as { user_version: number }
    if (found === 0) database.exec(tables)
    database.exec('COMMIT')
    if (found !== 0 && found !== version) throw new IndexFault('another version')
    return database
  } catch (error) {
    database.close()
    throw asIndexFault(error)
  }
}

/** Takes the index away. Only for who holds its lock: see indexing.ts. */
export function discardIndex(directory: string): void {
  for (const end of ['', '-wal', '-shm']) rmSync(join(directory, fileName + end), { force: true })
}

const [corrupt, notDatabase, failed, cannotOpen] = [11, 26, 1, 14]

/** Whether it is the index, SQLite or the system that failed, and no mistake of ours: reading everything may still work. */
export function isIndexTrouble(error: unknown): boolean {
  const { errcode, syscall } = (error ?? {}) as { errcode?: number; syscall?: string }
  return error instanceof IndexFault || errcode !== undefined || syscall !== undefined
}

/** What a broken database throws, as IndexFault; anything else as it is. */
export function asIndexFault(error: unknown): unknown {
  const code = (error as { errcode?: number } | null)?.errcode
  const isBroken = code !== undefined && [corrupt, notDatabase, failed, cannotOpen].includes(code & 0xff)
  return isBroken ? new IndexFault('broken') : error
}

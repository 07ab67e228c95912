/**
 * What is in force goes with the keys: without it a gateway that is set up again takes whatever is in its folders for what
 * two people have approved.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import type { NamedText } from '../../access/key-bundle.ts'
import { KeyFault, keyWords } from '../../access/key-files.ts'
import { alertsInForce, alertsInForceName } from '../alerts/snapshot.ts'
import { exportSnapshot, importSnapshot, isOfSnapshot } from './policy-snapshot.ts'

/** Policy and alert rules in force, by their paths under the keys folder. Throws KeyFault. */
export function exportInForce(keys: string): NamedText[] {
  return orFault(keyWords.unreadable, keys, () => {
    const alerts = alertsInForce(keys)
    const rules: NamedText[] = existsSync(alerts) ? [[alertsInForceName, readFileSync(alerts, 'utf8')]] : []
    return [...exportSnapshot(keys), ...rules]
  })
}

export function isInForce(name: string): boolean {
  return name === alertsInForceName || isOfSnapshot(name)
}

/** Puts them where nothing is in force yet; returns whether there were any to put. Throws KeyFault. */
export function importInForce(keys: string, files: readonly NamedText[]): boolean {
  return orFault(keyWords.unmakeable, keys, () => {
    const isPut = importSnapshot(
      keys,
      files.filter(([name]) => isOfSnapshot(name)),
    )
    const alerts = files.find(([name]) => name === alertsInForceName)
    if (alerts === undefined || existsSync(alertsInForce(keys))) return isPut
    writeFileSync(alertsInForce(keys), alerts[1], { mode: 0o600, flag: 'wx' })
    return true
  })
}

function orFault<Result>(words: typeof keyWords.unreadable, keys: string, work: () => Result): Result {
  try {
    return work()
  } catch (error) {
    const { code, path = keys } = error as NodeJS.ErrnoException
    throw new KeyFault(words(path, code ?? 'unknown'))
  }
}

/**
 * Tells when gateway.yaml, or a certificate or key that it names, is another than the gateway started with: these are read
 * at a start only. Whoever has edited one learns that it does not count yet, and whether a start would succeed with it.
 */
import { createHash } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { basename, dirname, relative } from 'node:path'
import { plugins } from '../../../plugins/index.ts'
import type { Config } from '../../config/config.ts'
import { loadConfig } from '../../config/load.ts'
import type { OperationalLog } from '../../log.ts'
import { errorsOf } from '../../policy/fault.ts'

const words = {
  changed: {
    zh: '启动之后文件已改动：gateway.yaml 及其写明的证书、密钥只在启动时读取。改动核对无误，重新启动后生效',
    en: 'a file was changed since the start: gateway.yaml, and the certificates and keys it names, are read at a start only. The change is in order, and counts once the gateway is started again',
  },
  broken: {
    zh: '启动之后文件已改动，且有误：运行中的网关照旧，但下次启动会失败。请运行 veilgate check --config 查看原因',
    en: 'a file was changed since the start, and is wrong: the gateway goes on as it is, but its next start will fail. Run veilgate check --config to see why',
  },
}

/** Milliseconds between two looks; a change is taken for whole once two looks agree. */
const usualPace = 2000
const largest = 1024 * 1024

/** null: the configuration is from no file. `pace`: milliseconds between two looks. */
export function watchConfig(
  { file, digest, namedFiles, tls }: Pick<Config, 'file' | 'digest' | 'namedFiles' | 'tls'>,
  log: OperationalLog,
  pace = usualPace,
): { close(): Promise<void> } | null {
  if (file === null) return null
  // the list of revoked certificates is read again by itself
  const files = [file, ...namedFiles.filter(named => named !== tls?.clientCrlFile)]
  const shown = (path: string) => relative(dirname(file), path) || basename(file)
  // as it was read, which is a while ago by now
  const began = [digest.replace('sha256:', ''), ...files.slice(1).map(digestOf)]
  let [before, settled, told] = ['', '', '']
  let looking: Promise<void> = Promise.resolve()

  const tell = async (): Promise<void> => {
    const digests = files.map(digestOf)
    const changed = files.find((_, at) => digests[at] !== began[at])
    const found = changed === undefined ? '' : digests.join()
    if (found === told) return
    told = found
    if (changed === undefined) return
    const loaded = await loadConfig(file, { identities: plugins.identities, now: Date.now(), shownAs: basename(file) })
    if (!('faults' in loaded)) return log.warn(words.changed, { file: shown(changed) })
    const [first] = errorsOf(loaded.faults)
    log.error(words.broken, { ...(first && { code: first.code, file: first.file, line: first.line }) })
  }
  const look = (): void => {
    const found = stampsOf(files)
    const isStill = found === before
    before = found
    if (!isStill || found === settled) return
    settled = found
    looking = looking.then(tell).catch(() => {})
  }
  const timer = setInterval(look, pace).unref()
  return {
    close() {
      clearInterval(timer)
      return looking
    },
  }
}

/** What changes when one of them does. */
function stampsOf(files: readonly string[]): string {
  return files
    .map(path => {
      try {
        const { size, mtimeNs, ctimeNs, ino } = statSync(path, { bigint: true })
        return `${size} ${mtimeNs} ${ctimeNs} ${ino}`
      } catch {
        return ''
      }
    })
    .join()
}

/** Of what is in it; '' where it cannot be read. */
function digestOf(path: string): string {
  try {
    const found = statSync(path)
    if (!found.isFile() || found.size > largest) return ''
    return createHash('sha256').update(readFileSync(path)).digest('hex')
  } catch {
    return ''
  }
}

/**
 * Watches gateway.yaml and the files that it names. Certificates and keys of listeners and systems are taken up when they
 * change, whole or not at all; of all else whoever has edited it learns that it counts from the next start on, and whether
 * that would succeed.
 */
import { createHash } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { basename, dirname, relative } from 'node:path'
import { plugins } from '../../../plugins/index.ts'
import type { Config } from '../../config/config.ts'
import { type Loaded, loadConfig } from '../../config/load.ts'
import type { OperationalLog } from '../../log.ts'
import { errorsOf, type Fault } from '../../policy/fault.ts'

const words = {
  changed: {
    zh: '启动之后文件已改动：gateway.yaml 及其写明的口令等文件只在启动时读取。改动核对无误，重新启动后生效',
    en: 'a file was changed since the start: gateway.yaml, and the files it names but for certificates and their keys, are read at a start only. The change is in order, and counts once the gateway is started again',
  },
  broken: {
    zh: '启动之后文件已改动，且有误：运行中的网关照旧，但下次启动会失败。请运行 veilgate check --config 查看原因',
    en: 'a file was changed since the start, and is wrong: the gateway goes on as it is, but its next start will fail. Run veilgate check --config to see why',
  },
  renewed: {
    zh: '已启用更新后的证书与私钥；已有的连接不受影响',
    en: 'changed certificates and keys are in force for new connections; those that are open go on',
  },
  refused: {
    zh: '更新后的证书或私钥有误，未启用，原来的继续有效；此时若重新启动会失败。请运行 veilgate check --config 查看原因',
    en: 'changed certificates or keys are wrong and not in force: the old ones go on, but a start would fail. Run veilgate check --config to see why',
  },
  unrecorded: {
    zh: '更新后的证书暂时无法启用，原来的继续有效；稍后再试',
    en: 'changed certificates cannot be taken up now: the old ones go on; trying again',
  },
}

/** Milliseconds between two looks; a change is taken for whole once two looks agree. */
const usualPace = 2000
const largest = 1024 * 1024

export type ConfigWatchParts = {
  readonly log: OperationalLog
  /** Takes up the certificates and keys of this configuration, and nothing else of it. Rejects where it cannot now. */
  renew(config: Config): Promise<void>
  /** Called where certificates and keys that have changed are wrong, with how many faults. */
  refused(faults: number): Promise<void>
  /** Milliseconds between two looks. */
  readonly pace?: number
}

export type ConfigWatch = {
  /** Looks now, whether or not something is still being written. */
  look(): void
  close(): Promise<void>
}

type Watched = Pick<Config, 'file' | 'digest' | 'namedFiles' | 'renewableFiles' | 'tls'>

/** null: the configuration is from no file. */
export function watchConfig(config: Watched, parts: ConfigWatchParts): ConfigWatch | null {
  return config.file === null ? null : new Watch(config.file, config, parts)
}

class Watch implements ConfigWatch {
  readonly #file: string
  readonly #parts: ConfigWatchParts
  readonly #renewable: readonly string[]
  readonly #others: readonly string[]
  /** gateway.yaml as it was started with: a renewed certificate counts also while another edit of it waits. null: it was changed before it could be read. */
  readonly #text: Uint8Array | null
  /** Digests of the others as they were read, which is a while ago by now. */
  readonly #began: readonly string[]
  readonly #timer: NodeJS.Timeout
  #inForce: readonly string[]
  #before = ''
  #settled = ''
  #told = ''
  #toldOfRenewal = ''
  #looking: Promise<void> = Promise.resolve()

  constructor(file: string, { digest, namedFiles, renewableFiles, tls }: Watched, parts: ConfigWatchParts) {
    this.#file = file
    this.#parts = parts
    this.#renewable = renewableFiles
    // the list of revoked certificates is read again by itself
    const named = namedFiles.filter(one => one !== tls?.clientCrlFile && !renewableFiles.includes(one))
    this.#others = [file, ...named]
    this.#began = [digest.replace('sha256:', ''), ...named.map(digestOf)]
    this.#inForce = renewableFiles.map(digestOf)
    this.#text = digestOf(file) === this.#began[0] ? readFileSync(file) : null
    this.#timer = setInterval(() => this.#lookAtStamps(), parts.pace ?? usualPace).unref()
  }

  look(): void {
    this.#told = ''
    this.#toldOfRenewal = ''
    this.#lookAtFiles()
  }

  close(): Promise<void> {
    clearInterval(this.#timer)
    return this.#looking
  }

  #lookAtStamps(): void {
    const found = stampsOf([...this.#others, ...this.#renewable])
    const isStill = found === this.#before
    this.#before = found
    if (!isStill || found === this.#settled) return
    this.#settled = found
    this.#lookAtFiles()
  }

  #lookAtFiles(): void {
    this.#looking = this.#looking
      .then(() => this.#lookAtCertificates())
      .then(() => this.#tell())
      .catch(() => {})
  }

  async #lookAtCertificates(): Promise<void> {
    const digests = this.#renewable.map(digestOf)
    const changed = this.#renewable.find((_, at) => digests[at] !== this.#inForce[at])
    if (changed === undefined) {
      this.#toldOfRenewal = ''
      return
    }
    const { log } = this.#parts
    const isNews = this.#toldOfRenewal !== digests.join()
    this.#toldOfRenewal = digests.join()
    const loaded = await this.#load(this.#text)
    if ('faults' in loaded) {
      if (!isNews) return
      const faults = errorsOf(loaded.faults)
      log.error(words.refused, placeOf(faults))
      await this.#parts.refused(faults.length)
      return
    }
    try {
      await this.#parts.renew(loaded.config)
      this.#inForce = digests
      log.info(words.renewed, { file: this.#shown(changed) })
    } catch (error) {
      if (isNews) log.warn(words.unrecorded, { error })
      this.#settled = ''
    }
  }

  async #tell(): Promise<void> {
    const digests = this.#others.map(digestOf)
    const changed = this.#others.find((_, at) => digests[at] !== this.#began[at])
    const found = changed === undefined ? '' : digests.join()
    if (found === this.#told) return
    this.#told = found
    if (changed === undefined) return
    const { log } = this.#parts
    const loaded = await this.#load(null)
    if ('faults' in loaded) log.error(words.broken, placeOf(errorsOf(loaded.faults)))
    else log.warn(words.changed, { file: this.#shown(changed) })
  }

  #load(bytes: Uint8Array | null): Promise<Loaded | { readonly faults: readonly Fault[] }> {
    const { identities } = plugins
    const shownAs = basename(this.#file)
    return loadConfig(this.#file, { identities, now: Date.now(), shownAs, ...(bytes !== null && { bytes }) })
  }

  #shown(path: string): string {
    return relative(dirname(this.#file), path) || basename(this.#file)
  }
}

function placeOf([first]: readonly Fault[]) {
  return first === undefined ? {} : { code: first.code, file: first.file, line: first.line }
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

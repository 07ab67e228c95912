/** Where the admin listener of a gateway is reached. */
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { plugins } from '../../../plugins/index.ts'
import type { Config } from '../../config/config.ts'
import { loadConfig } from '../../config/load.ts'
import { type Io, UsageError } from '../command.ts'
import { installedConfig } from '../installed-config.ts'

/** Where it is unless gateway.yaml says otherwise. */
const usual = 'http://127.0.0.1:8081'

const words = {
  admin: {
    zh: `--admin 应为管理地址，如 ${usual}。`,
    en: `--admin takes the admin listener, such as ${usual}.`,
  },
  none: {
    zh: 'gateway.yaml 中 admin 为 false：该网关没有管理接口。',
    en: '`admin` is false in gateway.yaml: this gateway has no admin listener.',
  },
  broken: {
    zh: 'gateway.yaml 有误，见上；也可用 --admin 写明管理地址。',
    en: 'gateway.yaml is wrong, as told above; the admin listener can be named by --admin.',
  },
}

/** Its origin: of `--admin`, of the gateway.yaml that `--config` names, or of the one in this folder. Throws UsageError. */
export async function adminOf({ admin, config }: { admin?: string; config?: string }, io: Io): Promise<string> {
  if (admin !== undefined) {
    if (!URL.canParse(admin) || !/^https?:$/.test(new URL(admin).protocol)) throw new UsageError(words.admin)
    return new URL(admin).origin
  }
  const loaded = config === undefined ? await inThisFolder(io) : await installedConfig(config, io)
  if (typeof loaded === 'number') throw new UsageError(words.broken)
  return loaded === null ? usual : originOf(loaded)
}

/** null: none is there, or none that this person may read as a whole, which stops nobody from asking at the usual place. */
async function inThisFolder(io: Io): Promise<Config | null> {
  const path = resolve(io.cwd, 'gateway.yaml')
  if (!existsSync(path)) return null
  const loaded = await loadConfig(path, { identities: plugins.identities, now: Date.now() })
  return 'config' in loaded ? loaded.config : null
}

function originOf({ admin, signIn: { publicUrl, tls } }: Config): string {
  if (admin === null) throw new UsageError(words.none)
  if (publicUrl !== null) return publicUrl
  const host = admin.host.includes(':') ? `[${admin.host}]` : admin.host
  return `http${tls === null ? '' : 's'}://${host}:${admin.port}`
}

/** The keys of an installation, which go with its records. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { readKeyFile } from '../../access/key-files.ts'
import { KeyFault, type KeyFolder, openKeys } from '../../access/keys.ts'
import type { Config } from '../../config/config.ts'
import { filesOf, ofGateway } from '../../records/files/files.ts'
import { ProofFolder } from '../../records/notary/proof-folder.ts'

const words = {
  lost: (keys: string, records: string) => ({
    zh: `${keys} 中没有密钥，而 ${records} 中已有用密钥写成的访问记录。请挂载或放回原来的密钥（veilgate keys import），或在 gateway.yaml 的 keys 中写对位置。新密钥下，已发出的令牌、会话 Cookie 与人员索引都会失效，日志也不能再签名；密钥确已丢失的，请另设 records 目录，并保留原目录。`,
    en: `There are no keys in ${keys}, but ${records} has access records that were made with keys. Mount or put back the old keys (veilgate keys import), or mend \`keys\` in gateway.yaml. Under new keys no token, session cookie or index of people that was given out would count any more, nor could the log be signed; where the keys are lost for good, name another folder as \`records\`, and keep this one.`,
  }),
  lostOfLog: (secret: string, log: string, records: string) => ({
    zh: `${secret} 不见了，而 ${records} 中的日志 ${log} 已用它签署过检查点。请放回该文件（veilgate keys import，或备份）：换用新密钥，这份日志不能再签名。此密钥确已丢失的，请另设 records 目录，并保留原目录。`,
    en: `${secret} is gone, and checkpoints of the log ${log} in ${records} are signed with it. Put the file back (veilgate keys import, or a backup): under a new key that log could not be signed any more. Where it is lost for good, name another folder as \`records\`, and keep this one.`,
  }),
}

/** The secret in the keys folder that signs a log: `KeyFolder.shared` makes it at first use. */
export const logSecret = (log: string): string => `log-${log}`

/** The folder beside the keys in which the newest checkpoint of each log is remembered. */
export const memoryIn = (keys: string): string => join(keys, 'checkpoints')

/**
 * Opens the keys folder of a configuration, made where it is new, as `openKeys` does. Throws KeyFault as that does, and
 * where there is no master key though a gateway has written records: a folder that is not mounted, or mistyped, would
 * otherwise be replaced by new keys without a word. Likewise where one of `logs`, which the caller is to write, was signed
 * with a key that is gone.
 */
export async function openInstalledKeys(config: Config, logs: readonly string[] = []): Promise<KeyFolder> {
  const { keys, records, keyOverlapDays } = config
  const isNew = (await readKeyFile(join(keys, 'master.secret'))) === null
  if (isNew && (await hasServed(records))) throw new KeyFault(words.lost(keys, records))
  for (const log of logs) {
    const secret = join(keys, `${logSecret(log)}.secret`)
    if (!existsSync(secret) && new ProofFolder(records, log).isSigned)
      throw new KeyFault(words.lostOfLog(secret, log, records))
  }
  return openKeys(keys, Date.now, keyOverlapDays)
}

/** Whether a gateway has written here; commands write logs too, before one ever serves. */
async function hasServed(records: string): Promise<boolean> {
  const files = await filesOf(records).catch(() => [])
  return files.some(({ log }) => ofGateway.test(log))
}

import { appendFileSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import type { Bilingual } from '../../contracts.ts'
import { renderFaults } from '../../policy/fault.ts'
import { openNote, parseSigner, type Signer } from '../../records/proof/note.ts'
import { type Alerts, alertsFileName, alertsOf, loadAlerts } from '../alerts/file.ts'
import { weakerThan } from '../alerts/rules-diff.ts'
import { alertsInForce, alertsSince, readKeptAlerts } from '../alerts/snapshot.ts'
import { type Command, exit, type Io, say, UsageError } from '../command.ts'
import { type Approval, approvalPath, approvalText, isFor } from '../in-force/policy-approval.ts'
import { folderInForce, inForceSince } from '../in-force/policy-snapshot.ts'
import { installedConfig } from '../installed-config.ts'
import { parse } from '../options.ts'
import { widerThan } from './diff-policies.ts'
import { widerLines } from './diff-text.ts'
import { differenceText } from './diff-words.ts'
import { openCompared } from './policies.ts'

/** Shows what a held policy shows more of, or held alert rules notice less of, and adds a second person's signature to it. */
export const command: Command = {
  name: 'policies approve',
  summary: {
    zh: '查看一套暂缓启用的策略多显示什么、告警规则少发现什么，并由第二人签名批准',
    en: 'show what a held policy shows more of, or alert rules notice less of, and sign that it may be in force',
  },
  usage: `[OLD NEW] [--key SECRET] [--config FILE]
    OLD NEW         policy folders: the one in force, and the one to be; left out: keys/policies/in-force and the
                    folder that gateway.yaml names
    --key SECRET    the approver's secret key (veilgate keys approver); left out: it is shown only, and nothing signed
    --config FILE   gateway.yaml in this folder if left out
    The signature goes to NEW/approvals; the gateway takes it up within a second.`,
  async run(args, io) {
    const { folders, key, config } = read(args)
    const places = folders === null ? await placesFrom(config, io) : ofFolders(folders)
    if (typeof places === 'number') return places
    const [old, next] = [openCompared(places.old, io), openCompared(places.next, io)]
    const alerts = alertsAt(places, io)
    if (old === null || next === null || alerts === null) return exit.unable
    const signer = key === undefined ? null : parseSigner(readSmall(resolve(io.cwd, key))?.trim() ?? '')
    if (key !== undefined && signer?.verifier.type !== 1) return tell(words.key, io)
    const wider = widerThan(old, next)
    const asked: Asked[] = [
      {
        approval: { of: 'policy', digest: next.digest, previous: old.digest } as const,
        since: inForceSince(resolve(io.cwd, places.old)),
        lines: widerLines(wider),
      },
      {
        approval: { of: 'alert rules', digest: alerts.next.digest, previous: alerts.old.digest } as const,
        since: places.kept === null ? Number.POSITIVE_INFINITY : alertsSince(places.kept),
        lines: weakerThan(alerts.old, alerts.next),
      },
    ].filter(({ lines }) => lines.length > 0)
    if (asked.length === 0) return tell(words.nothing, io)
    if (wider.length > 0) io.stdout(`${differenceText({ wider, narrower: [] }, { before: old, next }, io.lang)}\n`)
    if (signer === null) {
      for (const { lines } of asked) io.stdout(`${lines.join('\n')}\n`)
      io.stderr(`${say(words.unsigned, io.lang)}\n`)
      return exit.wrong
    }
    const signed = asked.flatMap(one => {
      const text = sign(one, resolve(io.cwd, places.next), signer)
      return text === null ? [] : [{ ...one, text }]
    })
    if (signed.length === 0) return tell(words.already, io)
    for (const { lines, text } of signed) io.stdout(`${lines.join('\n')}\n\n${text}`)
    const count = signed.reduce((sum, { lines }) => sum + lines.length, 0)
    io.stderr(`${say(words.signed(signer.verifier.name, count), io.lang)}\n`)
    return exit.well
  },
}

/** What is to be signed, since when what it replaces is in force, and what it would change. */
type Asked = { readonly approval: Approval; readonly since: number; readonly lines: readonly string[] }

/** The text that was signed; null: this person has signed it already. */
function sign({ approval, since }: Asked, policies: string, signer: Signer): string | null {
  const path = approvalPath(policies, approval.digest)
  const note = readSmall(path)
  const begun = note?.slice(0, note.indexOf('\n\n') + 1) ?? ''
  const now = Date.now()
  // signed for another one in force than there is now, or in another time of it: that counts for nothing any more
  const counts = isFor(begun, approval, since, now)
  if (counts && openNote(Buffer.from(note!), [signer.verifier]) !== null) return null
  const made = Number.isFinite(since) ? Math.max(now, Math.floor(since) + 1) : now
  const text = counts ? begun : approvalText(approval, new Date(made).toISOString())
  mkdirSync(dirname(path), { recursive: true })
  if (counts) appendFileSync(path, signer.sign(text))
  else writeFileSync(path, `${text}\n${signer.sign(text)}`)
  return text
}

/** The folders, and the alert rules in force where they are not in the folder of the policy in force. */
type Places = { readonly old: string; readonly next: string; readonly kept: string | null }

const ofFolders = ([old, next]: readonly [string, string]): Places => ({ old, next, kept: null })

/** null: some are broken, and that is told. */
function alertsAt({ old, next, kept }: Places, io: Io): { old: Alerts; next: Alerts } | null {
  const [before, after] = [resolve(io.cwd, old), resolve(io.cwd, next)]
  const bytes = kept === null ? null : readKeptAlerts(kept, null)
  const path = join(after, alertsFileName)
  const loaded = {
    next: loadAlerts(after, next),
    old: kept === null ? loadAlerts(before, old) : alertsOf(bytes ?? new Uint8Array(), alertsInForce(kept), path),
  }
  for (const one of [loaded.old, loaded.next])
    if ('faults' in one) {
      io.stderr(renderFaults(one.faults, io.lang))
      return null
    }
  return loaded as { old: Alerts; next: Alerts }
}

function read(args: readonly string[]): {
  folders: readonly [string, string] | null
  key: string | undefined
  config: string | undefined
} {
  const options = { key: { type: 'string' }, config: { type: 'string' } } as const
  const { values, positionals } = parse(() => parseArgs({ args: [...args], options, allowPositionals: true }))
  const [old, next, ...more] = positionals
  const folders = old !== undefined && next !== undefined ? ([old, next] as const) : null
  if (more.length === 0 && (folders !== null || old === undefined))
    return { folders, key: values.key, config: values.config }
  throw new UsageError(words.usage)
}

async function placesFrom(file: string | undefined, io: Io): Promise<Places | number> {
  const config = await installedConfig(file, io)
  if (typeof config === 'number') return config
  const { keys, policies } = config
  if (policies === null || !existsSync(folderInForce(keys))) return tell(words.none, io)
  return { old: folderInForce(keys), next: policies, kept: keys }
}

function readSmall(path: string): string | null {
  return existsSync(path) && statSync(path).size <= 64 * 1024 ? readFileSync(path, 'utf8') : null
}

function tell(said: Bilingual, io: Io): number {
  io.stderr(`${say(said, io.lang)}\n`)
  return exit.unable
}

const words = {
  usage: {
    zh: '策略文件夹要么两个都写，要么都不写；签名时用 --key 给出私钥文件。',
    en: 'Give both policy folders or neither; to sign, the secret key by --key.',
  },
  unsigned: {
    zh: '尚未签名。确认以上各处可以显示后，加上 --key 私钥文件 再运行。',
    en: 'Nothing is signed. Once you are sure that all of this may be shown, run it again with --key and the secret key.',
  },
  key: { zh: '这不是批准人的私钥。', en: 'This is no secret key of an approver.' },
  none: {
    zh: '没有生效策略的副本：网关尚未在设有 approvers 的配置下启动过。',
    en: 'There is no copy of a policy in force: the gateway was not started yet with approvers in gateway.yaml.',
  },
  nothing: {
    zh: '新策略没有让任何人多看到什么，告警规则也没有少发现什么，不需要批准。',
    en: 'Nothing is more visible under the new policy, and nothing less is noticed; it needs no approval.',
  },
  already: { zh: '此人已经签过名。', en: 'This person has signed it already.' },
  signed: (name: string, count: number): Bilingual => ({
    zh: `已由 ${name} 签名，批准以上 ${count} 处。`,
    en: `Signed by ${name}: the ${count} above may be.`,
  }),
}

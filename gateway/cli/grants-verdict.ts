/** What people say of a grant: the commands that differ in one word. */
import { parseArgs } from 'node:util'
import { type Verdict, verdictText } from '../access/grants/terms.ts'
import type { GrantView } from '../console/grants-api.ts'
import { signatureOf } from '../console/people.ts'
import type { Bilingual } from '../contracts.ts'
import { callOptions, callUsage, isBilingual, openCall } from './admin-call.ts'
import { type Command, exit, say, UsageError, unable } from './command.ts'
import { describeGrant } from './grants-text.ts'
import { parse } from './options.ts'

/** `done`: said once it is on record. */
export function verdictCommand(verdict: Verdict, summary: Bilingual, done: Bilingual): Command {
  return {
    name: `grants ${verdict}`,
    summary,
    usage: `ID --key SECRET\n${callUsage}`,
    async run(args, io) {
      const { values, positionals } = parse(() =>
        parseArgs({ args: [...args], options: callOptions, allowPositionals: true }),
      )
      const [id, ...more] = positionals
      if (id === undefined || more.length > 0) throw new UsageError(words.usage)
      const call = await openCall(values, io)
      const path = `/api/grants/${encodeURIComponent(id)}`
      const grant = await call.send<GrantView>('GET', path)
      if (isBilingual(grant)) return unable(grant, io)
      // what is shown here is what is signed: the gateway makes the same text of the terms that are on record
      io.stdout(values.json === true ? '' : describeGrant(grant, io.lang, await call.zone(undefined)))
      const signed = new Date().toISOString()
      const signature = signatureOf(call.signer, verdictText(verdict, grant.terms, signed))
      const said = await call.send<GrantView>('POST', `${path}/verdicts`, { verdict, signed, signature })
      if (isBilingual(said)) return unable(said, io)
      if (values.json === true) io.stdout(`${JSON.stringify(said)}\n`)
      io.stderr(`${say(done, io.lang)} ${say(words.counted(said), io.lang)}\n`)
      return exit.well
    },
  }
}

const words = {
  usage: { zh: '请给出授权编号。', en: 'Give the id of a grant.' },
  counted: ({ approvals, needed }: GrantView) => ({
    zh: `批准 ${approvals.length}/${needed}。`,
    en: `Approvals: ${approvals.length} of ${needed}.`,
  }),
}

import { parseArgs } from 'node:util'
import { liftText } from '../../access/lockdown/scope.ts'
import type { LockdownView } from '../../console/lockdown-api.ts'
import { signatureOf } from '../../console/people.ts'
import type { Bilingual } from '../../contracts.ts'
import { callOptions, callUsage, isBilingual, openCall } from '../admin/call.ts'
import { type Command, exit, say, UsageError, unable } from '../command.ts'
import { parse } from '../options.ts'

export const command: Command = {
  name: 'lockdown lift',
  summary: { zh: '同意解除封锁', en: 'sign that a lockdown may end' },
  usage: `ID --key SECRET\n${callUsage}`,
  async run(args, io) {
    const { values, positionals } = parse(() =>
      parseArgs({ args: [...args], options: callOptions, allowPositionals: true }),
    )
    const [id, ...more] = positionals
    if (id === undefined || more.length > 0) throw new UsageError(words.usage)
    const call = await openCall(values, io)
    const signed = new Date().toISOString()
    const signature = signatureOf(call.signer, liftText(id, signed))
    const path = `/api/lockdowns/${encodeURIComponent(id)}/lifts`
    const done = await call.send<LockdownView>('POST', path, { signed, signature })
    if (isBilingual(done)) return unable(done, io)
    if (values.json === true) io.stdout(`${JSON.stringify(done)}\n`)
    io.stderr(`${say(done.lifted === null ? words.one(done) : words.lifted, io.lang)}\n`)
    return exit.well
  },
}

const words = {
  usage: { zh: '请给出封锁编号。', en: 'Give the id of a lockdown.' },
  one: ({ lifting, needed }: LockdownView): Bilingual => ({
    zh: `记录在案，${lifting.length}/${needed}；还需另一组的批准人。`,
    en: `On record, ${lifting.length} of ${needed}; it takes an approver of another group as well.`,
  }),
  lifted: { zh: '已解除，记录在案。', en: 'Lifted, on record.' },
}

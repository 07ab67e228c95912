/** Alerts by e-mail (SMTP, RFC 5321), over TLS wherever the server has it. */
import type { Transporter } from 'nodemailer'
import type { NotifierPlugin } from '../../gateway/contracts.ts'

type Options = {
  readonly host: string
  readonly port?: number
  readonly tls?: 'always' | 'upgrade' | 'never'
  readonly user?: string
  readonly password_file?: string
  readonly from: string
  readonly to: readonly string[]
}

const address = { type: 'string', pattern: '^[^\\s@<>]+@[^\\s@<>]+$' }

export const mail: NotifierPlugin<Options> = {
  kind: 'notifier',
  name: 'mail',
  summary: { zh: '电子邮件（SMTP）', en: 'E-mail (SMTP)' },
  options: {
    type: 'object',
    additionalProperties: false,
    required: ['host', 'from', 'to'],
    properties: {
      host: { type: 'string', minLength: 1, description: 'The mail server.' },
      port: { type: 'integer', minimum: 1, maximum: 65535, description: 'Its port.', default: 587 },
      tls: {
        enum: ['always', 'upgrade', 'never'],
        description: 'From the first byte; by STARTTLS, without which nothing is sent; or not at all.',
        default: 'upgrade',
      },
      user: { type: 'string', minLength: 1, description: 'Login; left out: none is asked for.' },
      password_file: { type: 'string', minLength: 1, description: 'File with its password on one line.' },
      from: { ...address, description: 'Sender.' },
      to: { type: 'array', items: address, minItems: 1, maxItems: 50, description: 'Recipients.' },
    },
  },
  create({ host, port = 587, tls = 'upgrade', user, password_file: password, from, to }) {
    let transport: Promise<Transporter> | null = null
    const open = async (): Promise<Transporter> => {
      // takes 2 MB, which nobody who is told otherwise should have to give
      const { createTransport } = await import('nodemailer')
      return createTransport({
        ...{ host, port, secure: tls === 'always', requireTLS: tls === 'upgrade', ignoreTLS: tls === 'never' },
        ...{
          connectionTimeout: 8000,
          greetingTimeout: 8000,
          socketTimeout: 8000,
          disableFileAccess: true,
          disableUrlAccess: true,
        },
        ...(user !== undefined && { auth: { user, pass: password ?? '' } }),
      })
    }
    return async (notice, signal) => {
      transport ??= open()
      const opened = await transport
      signal.throwIfAborted()
      const { words, record, time } = notice
      const text = `${words.zh}\n\n${words.en}\n\n${record}\n${time}\n`
      const subject = `Veilgate: ${notice.rule}`
      await opened.sendMail({ from, to: [...to], subject, text, messageId: `<${notice.id}@veilgate.invalid>` })
    }
  },
}

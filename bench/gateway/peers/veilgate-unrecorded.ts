/**
 * Veilgate as it ships, with a writer that says at once that all is durable and writes nothing, to show what records cost:
 * `node veilgate-unrecorded.ts CONFIG`. For measuring only.
 */
import type { main as Main } from '../../../gateway/cli/main.ts'
import type { Receipt } from '../../../gateway/records/log/log.ts'
import type { Writer as WriterClass } from '../../../gateway/records/log/writer.ts'

const built = new URL('../../../dist/gateway/', import.meta.url)
const { Writer } = (await import(new URL('records/log/writer.js', built).href)) as { Writer: typeof WriterClass }
const { main } = (await import(new URL('cli/main.js', built).href)) as { main: typeof Main }

const receipt: Receipt = { log: 'none-0', seq: 0, id: 'none-0:0' }
Writer.prototype.append = async drafts => drafts.map(() => receipt)

process.exitCode = await main(['serve', '--config', process.argv[2]!], {
  stdin: process.stdin,
  stdout: () => {},
  stderr: text => void process.stderr.write(text),
  lang: 'en',
  cwd: process.cwd(),
  env: process.env,
})

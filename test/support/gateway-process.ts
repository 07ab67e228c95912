/** A gateway in a process of its own, to be killed: `node gateway-process.ts FOLDER UPSTREAM`; prints its port and a key. */
import { startTestGateway } from './start-gateway.ts'

const [, , directory, upstream] = process.argv
const { port, keys } = await startTestGateway({ directory: directory!, upstream: upstream! })
process.stdout.write(`ready ${port} ${keys.staff}\n`)

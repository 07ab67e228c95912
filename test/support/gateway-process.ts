/**
 * A gateway in a process of its own, to be killed: `node gateway-process.ts FOLDER UPSTREAM`; prints its port and a key. Its log
 * files are small, and sealed by the process beside it, as under `serve`.
 */
import { join } from 'node:path'
import { DraftRequests } from '../../gateway/cli/companions/draft-requests.ts'
import { startHousekeeping } from '../../gateway/cli/companions/housekeeping.ts'
import { LagBoard } from '../../gateway/console/lag.ts'
import { createLog } from '../../gateway/log.ts'
import { startTestGateway } from './start-gateway.ts'

const [, , directory, upstream] = process.argv as [string, string, string, string]
const limits = { recordsFile: 64 * 1024 }
const requests = new DraftRequests()
// warm as under `serve`: its first answer would else take longer than it lives
const loaded = () => {}
const { port, keys } = await startTestGateway({ directory, upstream, limits, askDraft: requests.ask, loaded })
const log = createLog({ lang: 'en', write() {}, forPeople: false })
startHousekeeping(join(directory, 'records'), requests, log, new LagBoard())
process.stdout.write(`ready ${port} ${keys.staff}\n`)

/** A process that makes one draft of a sealed file, as the one beside a gateway does: `draft-process.ts DIR REQUEST`. Prints its answer. */
import { writeSync } from 'node:fs'
import { Drafting } from '../../gateway/records/sealing/drafting.ts'

const [directory = '', request = ''] = process.argv.slice(2)
new Drafting(directory, answer => writeSync(1, JSON.stringify(answer))).ask(JSON.parse(request))

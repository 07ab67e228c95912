/** The policies that come with the package, loaded as the gateway loads them. */
import { fileURLToPath } from 'node:url'
import { loadPolicies } from '../../gateway/policy/load.ts'
import { plugins } from '../../plugins/index.ts'
import { testKeys } from '../contract/key-ring.ts'

const folder = fileURLToPath(new URL('../../policies', import.meta.url))
const loaded = loadPolicies(folder, { plugins, keys: testKeys, shown: 'policies' })
if (!('policy' in loaded))
  throw new Error(loaded.faults.map(fault => `${fault.file}:${fault.line} ${fault.code}`).join('\n'))

export const { policy } = loaded

import { createHmac } from 'node:crypto'
import type { KeyRing } from '../../gateway/contracts.ts'

/** A key ring for tests: the same secrets in every run. */
export const testKeys: KeyRing = {
  secret: purpose => createHmac('sha256', 'only for tests').update(purpose).digest(),
}

/** The list of plugins: one import and one word each. */
import type { Plugins } from '../gateway/contracts.ts'
import { bankCard } from './detectors/bank-card.ts'
import { cnMobile } from './detectors/cn-mobile.ts'
import { cnResidentId } from './detectors/cn-resident-id.ts'
import { email } from './detectors/email.ts'
import { json, ndjson } from './formats/json.ts'
import { apiKey } from './identities/api-key.ts'
import { cnAddressRegion } from './masks/cn-address-region.ts'
import { cnResidentIdRegion } from './masks/cn-resident-id-region.ts'
import { datePrecision } from './masks/date-precision.ts'
import { fixed } from './masks/fixed.ts'
import { hmac } from './masks/hmac.ts'
import { keepEnds } from './masks/keep-ends.ts'

export const plugins: Plugins = {
  masks: [keepEnds, fixed, hmac, datePrecision, cnAddressRegion, cnResidentIdRegion],
  detectors: [cnResidentId, cnMobile, bankCard, email],
  formats: [json, ndjson],
  identities: [apiKey],
}

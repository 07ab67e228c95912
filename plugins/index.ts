/** The list of plugins: one import and one word each. */
import type { Plugins } from '../gateway/contracts.ts'
import { bankCard } from './detectors/bank-card.ts'
import { birthDate } from './detectors/birth-date.ts'
import { cnAddress } from './detectors/cn-address.ts'
import { cnCreditCode } from './detectors/cn-credit-code.ts'
import { cnLandline } from './detectors/cn-landline.ts'
import { cnMobile } from './detectors/cn-mobile.ts'
import { cnName } from './detectors/cn-name.ts'
import { cnPlate } from './detectors/cn-plate.ts'
import { cnResidentId } from './detectors/cn-resident-id.ts'
import { coordinates } from './detectors/coordinates.ts'
import { email } from './detectors/email.ts'
import { hkMoTwId } from './detectors/hk-mo-tw-id.ts'
import { iban } from './detectors/iban.ts'
import { imei } from './detectors/imei.ts'
import { inAadhaar } from './detectors/in-aadhaar.ts'
import { intlPhone } from './detectors/intl-phone.ts'
import { ipAddress } from './detectors/ip-address.ts'
import { labelled } from './detectors/labelled.ts'
import { macAddress } from './detectors/mac-address.ts'
import { spokenNumber } from './detectors/spoken-number.ts'
import { ukNhsNumber } from './detectors/uk-nhs-number.ts'
import { usSsn } from './detectors/us-ssn.ts'
import { vin } from './detectors/vin.ts'
import { csv } from './formats/csv.ts'
import { eventStream } from './formats/event-stream.ts'
import { form } from './formats/form.ts'
import { html } from './formats/html.ts'
import { json, ndjson } from './formats/json.ts'
import { jsonp } from './formats/jsonp.ts'
import { multipart } from './formats/multipart.ts'
import { text } from './formats/text.ts'
import { updatePanel } from './formats/update-panel.ts'
import { xls } from './formats/xls.ts'
import { xlsx } from './formats/xlsx.ts'
import { xml } from './formats/xml.ts'
import { apiKey } from './identities/api-key.ts'
import { basic } from './identities/basic.ts'
import { clientCertificate } from './identities/client-certificate.ts'
import { httpSignature } from './identities/http-signature.ts'
import { jwt } from './identities/jwt.ts'
import { signIn } from './identities/sign-in.ts'
import { systemLogin } from './identities/system-login.ts'
import { trustedHeader } from './identities/trusted-header.ts'
import { bands } from './masks/bands.ts'
import { blank } from './masks/blank.ts'
import { blankImage } from './masks/blank-image.ts'
import { cnAddressRegion } from './masks/cn-address-region.ts'
import { cnRegionCode } from './masks/cn-region-code.ts'
import { cnResidentIdBirth } from './masks/cn-resident-id-birth.ts'
import { cnResidentIdRegion } from './masks/cn-resident-id-region.ts'
import { coordinateGrid } from './masks/coordinate-grid.ts'
import { datePrecision } from './masks/date-precision.ts'
import { fakeName } from './masks/fake-name.ts'
import { ff1 } from './masks/ff1.ts'
import { fixed } from './masks/fixed.ts'
import { hmac } from './masks/hmac.ts'
import { keepEnds } from './masks/keep-ends.ts'
import { token } from './masks/token.ts'
import { dingtalk } from './notifiers/dingtalk.ts'
import { feishu } from './notifiers/feishu.ts'
import { mail } from './notifiers/mail.ts'
import { syslog } from './notifiers/syslog.ts'
import { webhook } from './notifiers/webhook.ts'
import { wecom } from './notifiers/wecom.ts'

export const plugins: Plugins = {
  masks: [
    keepEnds,
    fixed,
    hmac,
    token,
    ff1,
    fakeName,
    datePrecision,
    bands,
    cnAddressRegion,
    cnRegionCode,
    cnResidentIdRegion,
    cnResidentIdBirth,
    coordinateGrid,
    blank,
    blankImage,
  ],
  detectors: [
    cnResidentId,
    hkMoTwId,
    labelled,
    cnMobile,
    cnLandline,
    intlPhone,
    email,
    bankCard,
    birthDate,
    iban,
    cnCreditCode,
    cnPlate,
    vin,
    imei,
    macAddress,
    ipAddress,
    coordinates,
    spokenNumber,
    usSsn,
    ukNhsNumber,
    inAadhaar,
    cnAddress,
    cnName,
  ],
  formats: [json, ndjson, jsonp, html, xml, csv, form, multipart, eventStream, text, updatePanel, xlsx, xls],
  identities: [apiKey, jwt, basic, clientCertificate, httpSignature, trustedHeader, signIn, systemLogin],
  notifiers: [webhook, mail, syslog, dingtalk, wecom, feishu],
}

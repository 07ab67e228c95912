import assert from 'node:assert/strict'
import { createHmac, createPublicKey } from 'node:crypto'
import { test } from 'node:test'
import { type InnerList, parseDictionary } from 'structured-headers'
import { type Algorithm, isSigned } from '../../plugins/identities/http-signature/algorithms.ts'
import { signatureBase } from '../../plugins/identities/http-signature/message.ts'

/** RFC 9421 Appendix B.1: public keys. */
const keys = {
  'rsa-pss-sha512': createPublicKey({
    format: 'jwk',
    key: {
      kty: 'RSA',
      e: 'AQAB',
      n: 'r4tmm3r20Wd_PbqvP1s2-QEtvpuRaV8Yq40gjUR8y2Rjxa6dpG2GXHbPfvMs8ct-Lh1GH45x28Rw3Ry53mm-oAXjyQ86OnDkZ5N8lYbggD4O3w6M6pAvLkhk95AndTrifbIFPNU8PPMO7OyrFAHqgDsznjPFmTOtCEcN2Z1FpWgchwuYLPL-Wokqltd11nqqzi-bJ9cvSKADYdUAAN5WUtzdpiy6LbTgSxP7ociU4Tn0g5I6aDZJ7A8Lzo0KSyZYoA485mqcO0GVAdVw9lq4aOT9v6d-nb4bnNkQVklLQ3fVAvJm-xdDOp9LCNCN48V2pnDOkFV6-U9nV5oyc6XI2w',
    },
  }),
  'ecdsa-p256-sha256': createPublicKey({
    format: 'jwk',
    key: {
      kty: 'EC',
      crv: 'P-256',
      x: 'qIVYZVLCrPZHGHjP17CTW0_-D9Lfw0EkjqF7xB4FivA',
      y: 'Mc4nN9LTDOBhfoUeg8Ye9WedFRhnZXZJA12Qp0zZ6F0',
    },
  }),
  ed25519: createPublicKey({
    format: 'jwk',
    key: { kty: 'OKP', crv: 'Ed25519', x: 'JrQLj5P_89iXES9-vFgrIy29clF9CC_oPPsw3c5D0bs' },
  }),
}

type Message = { method: string; target: string; headers: Record<string, string[]> }

const digest = 'sha-512=:WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BNNyealdVLvRwEmTHWXvJwew==:'

/** Appendix B.2, the request. */
const request: Message = {
  method: 'POST',
  target: '/foo?param=Value&Pet=dog',
  headers: {
    host: ['example.com'],
    date: ['Tue, 20 Apr 2021 02:07:55 GMT'],
    'content-type': ['application/json'],
    'content-digest': [digest],
    'content-length': ['18'],
  },
}

const certificate =
  'MIIBqDCCAU6gAwIBAgIBBzAKBggqhkjOPQQDAjA6MRswGQYDVQQKDBJMZXQncyBBdXRoZW50aWNhdGUxGzAZBgNVBAMMEkxBIEludGVybWVkaWF0ZSBDQTAeFw0yMDAxMTQyMjU1MzNaFw0yMTAxMjMyMjU1MzNaMA0xCzAJBgNVBAMMAkJDMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE8YnXXfaUgmnMtOXU/IncWalRhebrXmckC8vdgJ1p5Be5F/3YC8OthxM4+k1M6aEAEFcGzkJiNy6J84y7uzo9M6NyMHAwCQYDVR0TBAIwADAfBgNVHSMEGDAWgBRm3WjLa38lbEYCuiCPct0ZaSED2DAOBgNVHQ8BAf8EBAMCBsAwEwYDVR0lBAwwCgYIKwYBBQUHAwIwHQYDVR0RAQH/BBMwEYEPYmRjQGV4YW1wbGUuY29tMAoGCCqGSM49BAMCA0gAMEUCIBHda/r1vaL6G3VliL4/Di6YK0Q6bMjeSkC3dFCOOB8TAiEAx/kHSB4urmiZ0NX5r5XarmPk0wmuydBVoU4hBVZ1yhk='

/** Appendix B.3, the request of the proxy. */
const proxied: Message = {
  method: 'POST',
  target: '/foo?param=Value&Pet=dog',
  headers: {
    host: ['service.internal.example'],
    'content-type': ['application/json'],
    'client-cert': [`:${certificate}:`],
  },
}

/** Appendix B.4. */
const demo: Message = {
  method: 'GET',
  target: '/demo?name1=Value1&Name2=value2',
  headers: { host: ['example.org'], date: ['Fri, 15 Jul 2022 14:24:55 GMT'], accept: ['application/json', '*/*'] },
}
const demoInput = '("@method" "@path" "@authority" "accept");created=1618884473;keyid="test-key-ed25519"'
const demoSignature = 'ZT1kooQsEHpZ0I1IjCqtQppOmIqlJPeo7DHR3SoMn0s5JZ1eRGS0A+vyYP9t/LXlh5QMFFQ6cpLt2m0pmj3NDA=='

function isRight(message: Message, input: string, signature: string, algorithm: keyof typeof keys): boolean {
  const list = parseDictionary(`sig=${input}`).get('sig') as InnerList
  const base = signatureBase(message, true, list)
  return isSigned(base, Buffer.from(signature, 'base64'), keys[algorithm], algorithm satisfies Algorithm)
}

const examples: readonly [name: string, Message, keyof typeof keys, input: string, signature: string][] = [
  [
    'B.2.1 minimal',
    request,
    'rsa-pss-sha512',
    '();created=1618884473;keyid="test-key-rsa-pss";nonce="b3k2pp5k7z-50gnwp.yemd"',
    'd2pmTvmbncD3xQm8E9ZV2828BjQWGgiwAaw5bAkgibUopemLJcWDy/lkbbHAve4cRAtx31Iq786U7it++wgGxbtRxf8Udx7zFZsckzXaJMkA7ChG52eSkFxykJeNqsrWH5S+oxNFlD4dzVuwe8DhTSja8xxbR/Z2cOGdCbzR72rgFWhzx2VjBqJzsPLMIQKhO4DGezXehhWwE56YCE+O6c0mKZsfxVrogUvA4HELjVKWmAvtl6UnCh8jYzuVG5WSb/QEVPnP5TmcAnLH1g+s++v6d4s8m0gCw1fV5/SITLq9mhho8K3+7EPYTU8IU1bLhdxO5Nyt8C8ssinQ98Xw9Q==',
  ],
  [
    'B.2.2 selective',
    request,
    'rsa-pss-sha512',
    '("@authority" "content-digest" "@query-param";name="Pet");created=1618884473;keyid="test-key-rsa-pss";tag="header-example"',
    'LjbtqUbfmvjj5C5kr1Ugj4PmLYvx9wVjZvD9GsTT4F7GrcQEdJzgI9qHxICagShLRiLMlAJjtq6N4CDfKtjvuJyE5qH7KT8UCMkSowOB4+ECxCmT8rtAmj/0PIXxi0A0nxKyB09RNrCQibbUjsLS/2YyFYXEu4TRJQzRw1rLEuEfY17SARYhpTlaqwZVtR8NV7+4UKkjqpcAoFqWFQh62s7Cl+H2fjBSpqfZUJcsIk4N6wiKYd4je2U/lankenQ99PZfB4jY3I5rSV2DSBVkSFsURIjYErOs0tFTQosMTAoxk//0RoKUqiYY8Bh0aaUEb0rQl3/XaVe4bXTugEjHSw==',
  ],
  [
    'B.2.3 full',
    request,
    'rsa-pss-sha512',
    '("date" "@method" "@path" "@query" "@authority" "content-type" "content-digest" "content-length");created=1618884473;keyid="test-key-rsa-pss"',
    'bbN8oArOxYoyylQQUU6QYwrTuaxLwjAC9fbY2F6SVWvh0yBiMIRGOnMYwZ/5MR6fb0Kh1rIRASVxFkeGt683+qRpRRU5p2voTp768ZrCUb38K0fUxN0O0iC59DzYx8DFll5GmydPxSmme9v6ULbMFkl+V5B1TP/yPViV7KsLNmvKiLJH1pFkh/aYA2HXXZzNBXmIkoQoLd7YfW91kE9o/CCoC1xMy7JA1ipwvKvfrs65ldmlu9bpG6A9BmzhuzF8Eim5f8ui9eH8LZH896+QIF61ka39VBrohr9iyMUJpvRX2Zbhl5ZJzSRxpJyoEZAFL2FUo5fTIztsDZKEgM4cUA==',
  ],
  [
    'B.2.6 Ed25519',
    request,
    'ed25519',
    '("date" "@method" "@path" "@authority" "content-type" "content-length");created=1618884473;keyid="test-key-ed25519"',
    'wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==',
  ],
  [
    'B.3 behind a proxy',
    proxied,
    'ecdsa-p256-sha256',
    '("@path" "@query" "@method" "@authority" "client-cert");created=1618884473;keyid="test-key-ecc-p256"',
    'xVMHVpawaAC/0SbHrKRs9i8I3eOs5RtTMGCWXm/9nvZzoHsIg6Mce9315T6xoklyy0yzhD9ah4JHRwMLOgmizw==',
  ],
  ['B.4 as it was signed', demo, 'ed25519', demoInput, demoSignature],
]

for (const [name, message, algorithm, input, signature] of examples) {
  test(`${name}: the published signature is right, and with another character wrong`, () => {
    assert.ok(isRight(message, input, signature, algorithm))
    assert.ok(!isRight(message, input.replace('created=1', 'created=2'), signature, algorithm))
    assert.ok(
      !isRight(
        message,
        input,
        signature.replace(/^./, one => (one === 'A' ? 'B' : 'A')),
        algorithm,
      ),
    )
  })
}

test('B.2.5: the base of a request that is signed by a shared secret is the published one; such secrets are no keys here', () => {
  const secret = 'uzvJfB4u3N0Jy4T7NZ75MDVcr8zSTInedJtkgcu46YW4XByzNJjxBdtjUkdJPBtbmHhIDi6pcl8jsasjlTMtDQ=='
  const input = '("date" "@authority" "content-type");created=1618884473;keyid="test-shared-secret"'
  const base = signatureBase(request, true, parseDictionary(`sig=${input}`).get('sig') as InnerList)
  const mac = createHmac('sha256', Buffer.from(secret, 'base64')).update(base).digest('base64')
  assert.equal(mac, 'pxcQw6G3AjtMBQjwo8XzkZf/bws5LelbaMk5rGIGtE8=')
})

test('B.4: what may change on the way leaves the signature right, and what may not makes it wrong', () => {
  const may: Partial<Message>[] = [
    { target: `${demo.target}&param=added`, headers: { ...demo.headers, 'accept-language': ['en-US,en;q=0.5'] } },
    { headers: { host: ['example.org'], accept: ['application/json, */*'] } },
    { headers: { accept: ['application/json ', ' */*'], host: ['EXAMPLE.org:443'] } },
  ]
  const mayNot: Partial<Message>[] = [
    { method: 'POST' },
    { headers: { ...demo.headers, host: ['example.com'] } },
    { headers: { ...demo.headers, accept: ['*/*', 'application/json'] } },
    { target: '/demo/?name1=Value1' },
  ]
  for (const change of may) assert.ok(isRight({ ...demo, ...change }, demoInput, demoSignature, 'ed25519'))
  for (const change of mayNot) assert.ok(!isRight({ ...demo, ...change }, demoInput, demoSignature, 'ed25519'))
})

test('what is covered twice, is not there, or asks for another reading, makes no base', () => {
  for (const components of [
    '"date" "date"',
    '"x-absent"',
    '"@status"',
    '"date";bs',
    '"Date"',
    '"@query-param";name="pet"',
  ]) {
    assert.throws(() => isRight(request, `(${components});created=1`, 'AA==', 'ed25519'), components)
  }
})

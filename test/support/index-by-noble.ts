import { cmac } from '@noble/ciphers/aes.js'

/** The blind index of a value, by another implementation of AES and CMAC than the gateway's. 22 characters. */
export function indexByNoble(key: Uint8Array, dataType: string, value: string): string {
  const type = Buffer.from(`${dataType}\0`)
  const padding = Buffer.alloc((16 - (type.length % 16)) % 16)
  return Buffer.from(cmac(Buffer.concat([type, padding, Buffer.from(value)]), key)).toString('base64url')
}

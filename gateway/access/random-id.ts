import { randomBytes } from 'node:crypto'

/** 128 random bits as 22 characters of base64url, the first a letter or digit: one with a hyphen would be an option. */
export function randomId(): string {
  for (;;) {
    const id = randomBytes(16).toString('base64url')
    if (/^[A-Za-z0-9]/.test(id)) return id
  }
}

import { userInfo } from 'node:os'

/** The user of the operating system, where its name has the shape that records take. */
export function whoRuns(): string | null {
  try {
    const { username } = userInfo()
    return /^[A-Za-z_][A-Za-z0-9._-]{0,63}$/.test(username) ? username : null
  } catch {
    return null
  }
}

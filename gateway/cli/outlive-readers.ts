/**
 * From now on this process goes on where nobody reads what it says any more, as after a log collector has ended, or where the
 * disk that this goes to is full: what is said then is lost, and what is said later is not.
 */
export function outliveReaders(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.removeAllListeners('error')
    stream.on('error', () => {})
  }
}

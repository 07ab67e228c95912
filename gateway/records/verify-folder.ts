/** Feeds the files of a folder to the verifier: the reading half of `records verify`. */
import { filesOf } from './files.ts'
import { bytesOf, voidAfter } from './read.ts'
import { type LogReport, LogVerifier } from './verify.ts'

/** A report for each log in the folder. It may be being written: a batch that is not finished yet is a note. */
export async function verifyFolder(directory: string, only?: string): Promise<LogReport[]> {
  const logs = Map.groupBy(await filesOf(directory, only), file => file.log)
  const reports: LogReport[] = []
  for (const [log, files] of logs) {
    const keep = await voidAfter(files)
    const verifier = new LogVerifier(log)
    for (const { number, path } of files) {
      verifier.file(number)
      const limit = keep.get(number) ?? Number.POSITIVE_INFINITY
      if (limit > 0) for await (const chunk of bytesOf(path, limit)) verifier.write(chunk)
    }
    reports.push(verifier.end())
  }
  return reports
}

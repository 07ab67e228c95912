/** Where and of what figures were made, for the head of every file of results. */
import { execFileSync } from 'node:child_process'
import { cpus, totalmem } from 'node:os'

/** Lines of Markdown: processor, memory, runtime, commit, time. */
export function machine(): string {
  const processors = cpus()
  const git = (...args: string[]) => execFileSync('git', args, { cwd: import.meta.dirname, encoding: 'utf8' }).trim()
  // results of another bench change nothing that is measured
  const changes = git('status', '--porcelain', '--untracked-files=no', '--', ':/', ':!results')
  const changed = changes === '' ? '' : ', with changes'
  return [
    `- machine: ${processors.length} × ${processors[0]?.model ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${process.platform} ${process.arch}`,
    `- node ${process.versions.node}, V8 ${process.versions.v8}`,
    `- commit ${git('rev-parse', '--short', 'HEAD')}${changed}, ${new Date().toISOString().slice(0, 16)}Z`,
  ].join('\n')
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

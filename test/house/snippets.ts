/** One fenced block of a page, with what the page says comes out of it. */
export type Snippet = {
  readonly line: number
  readonly language: string
  readonly text: string
  /** The block right after it in `text` or `json`: what it prints. */
  readonly prints: string | null
}

/** The fenced blocks of a Markdown page, in order. */
export function snippetsOf(page: string): Snippet[] {
  const blocks = [...page.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(match => ({
    line: page.slice(0, match.index).split('\n').length,
    language: match[1]!,
    text: match[2]!,
  }))
  return blocks
    .map((block, index) => {
      const next = blocks[index + 1]
      const isOutput = block.language === 'sh' && next !== undefined && ['text', 'json'].includes(next.language)
      return { ...block, prints: isOutput ? next.text : null }
    })
    .filter(block => block.language === 'sh' || block.language === 'yaml')
}

/**
 * Whether `printed` is what the page shows. `…` in the page stands for anything within a line, a line of only `…` for
 * any number of lines.
 */
export function prints(shown: string, printed: string): boolean {
  const pattern = shown
    .trimEnd()
    .split('\n')
    .map(line => (line.trim() === '…' ? '(?:.*\\n)*?.*' : line.trimEnd().split('…').map(literally).join('.*')))
    .join('[ \\t]*\\n')
  return new RegExp(`^${pattern}$`).test(printed.trimEnd())
}

function literally(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
}

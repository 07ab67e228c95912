/** What programs answer to themselves in a format of their own, which nobody else can read: why it is withheld, and what to do. */
import type { Bilingual } from '../../contracts.ts'
import type { MediaType } from './media-type.ts'

const components: Bilingual = {
  zh: '这是 React 服务器组件（text/x-component），无法脱敏。Next.js 会改为打开整个页面，页面照常脱敏；数据也可由 JSON 接口提供',
  en: 'these are React server components (text/x-component), which cannot be masked. Next.js opens the whole page instead, which is; or have the data come as JSON',
}
/** Without `detail`: nothing is known of it. */
export function whyUnreadable({ essence }: MediaType): { readonly detail?: Bilingual } {
  return essence === 'text/x-component' ? { detail: components } : {}
}

import { about, allForms, bilingual, cell, cellWords, object, plainName, presentables } from './schema-parts.ts'
import type { Schema } from './validate.ts'

/** The keys of audiences.yaml. */
export function audienceKeys(): Schema {
  const form = { enum: [...allForms] }
  const levels = (value: Schema, en: string, zh: string) =>
    Object.fromEntries([4, 3, 2, 1].map(level => [String(level), { ...value, ...about(en, zh) }]))
  const demanded = { type: 'array', items: { enum: [...presentables] }, minItems: 1, uniqueItems: true }
  return {
    audiences: {
      type: 'object',
      ...about('Audiences by name.', '按名称列出的受众。'),
      minProperties: 1,
      propertyNames: plainName,
      additionalProperties: object({
        title: { ...bilingual, ...about('What it is called, in Chinese and English.', '中英文名称。') },
        like: {
          type: 'string',
          ...about('Another audience; what is not said here is as there.', '另一受众；此处没写的与它相同。'),
        },
        ...levels(form, 'What is shown of a level, 4 to 1.', '某一级（4 至 1）显示的形式。'),
        clear_with: {
          ...object(
            levels(
              demanded,
              'What must be presented to see the level, 4 to 1, clear.',
              '要看到某一级（4 至 1）的明文须出示什么。',
            ),
          ),
          ...about('What must be presented to see a level clear.', '要出示什么才能看到该级的明文。'),
        },
      }),
    },
    always: {
      type: 'object',
      ...about(
        'At least this form of a cell, for every audience, whatever was presented.',
        '某一类级对所有受众至少用此形式，无论出示什么。',
      ),
      propertyNames: { pattern: `^${cell}$`, 'x-words': cellWords },
      additionalProperties: { enum: allForms.slice(1) },
    },
  }
}
